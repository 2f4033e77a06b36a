/** Whether a seat may say by itself that it is here: known to both parts of the phone's code. */
import type { Plenary } from '../../state/plenary.svelte';

/** The session counts who is here. */
export function counted(plenary: Plenary): boolean {
  const phase = plenary.session?.phase;
  return phase === 'lobby' || phase === 'open' || phase === 'recess';
}

/** The rules let a seat say it. */
export function allowed(plenary: Plenary): boolean {
  const rules = plenary.get('rules', 'rules')?.['attendance'];
  return typeof rules !== 'object' || rules['self_check_in'] !== false;
}

/** This seat is asked whether it is here: the first part keeps the place of that question until the second has come. */
export function mayCheckIn(plenary: Plenary): boolean {
  const { me } = plenary;
  return me !== null && (me.seat ?? null) !== null && !me.here && plenary.status === 'live' && counted(plenary) && allowed(plenary);
}
