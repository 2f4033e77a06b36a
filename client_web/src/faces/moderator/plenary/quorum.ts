/** Which ways on the rules leave when too few are here; the server decides the same way and has the last word. */
import { clockTime } from '../../../text';
import type { Entity } from '../../../wire/protocol';
import type { Store } from '../store';
import { rule } from './floor';
import { p } from './text';

/** Why the session can be neither put off nor go on now, each in a sentence; null when it can. */
export function stops(store: Store, quorum: Entity<'quorum'> | undefined, now: number): { postpone: string | null; proceed: string | null } {
  const rules = store.get('rules', 'rules')?.['attendance'];
  if (!quorum || typeof rules !== 'object') return { postpone: null, proceed: null };
  const times = rule(store, 'attendance', 'quorum_postponements') ?? 0;
  const atFirst = rules['quorum_proceed_at_first'] === true;
  const over = quorum.state === 'waited' || (quorum.until !== null && quorum.until <= now) || rule(store, 'attendance', 'quorum_wait_minutes') === 0;
  const wait = over
    ? null
    : quorum.state === 'waiting' && quorum.until !== null
      ? p('quorum.stop.until', { t: clockTime(quorum.until, store.session?.tz ?? 'WIB') })
      : p('quorum.stop.wait');
  const first = quorum.sitting === 1;
  return {
    postpone: quorum.sitting > times ? p('quorum.stop.enough') : wait,
    proceed: first && times > 0 && !atFirst ? p('quorum.stop.postpone') : first ? wait : null,
  };
}
