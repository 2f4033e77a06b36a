/** Which halls a question about a ballot names: how many fit, and who fell away or never joined. */
import { healthOf } from '../../../components/health';
import { count } from '../../../text';
import type { Entity } from '../../../wire/protocol';
import type { Store } from '../store';
import { v } from './text';

/** A question on a small laptop has room for so many; with 56 halls the rest is counted. */
const NAMED = 6;

/** Names in a question, the first of them and how many more. */
export const few = (names: readonly string[]): string =>
  names.length > NAMED ? v('names.more', { names: names.slice(0, NAMED).join(', '), n: count(names.length - NAMED) }) : names.join(', ');

/** The halls that cannot be reached now: those whose link fell, and those that never joined. */
export function missingHalls(store: Pick<Store, 'list' | 'presence'>): { cut: Entity<'hall'>[]; absent: Entity<'hall'>[] } {
  const halls = store.list('hall');
  const those = (health: 'cut' | 'absent'): Entity<'hall'>[] => halls.filter((hall) => healthOf(store.presence[hall.id]) === health);
  return { cut: those('cut'), absent: those('absent') };
}
