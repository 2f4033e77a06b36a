/** What of the hands of a running ballot would not count if it closed now. */
import type { Entity, HandCount } from '../../../wire/protocol';
import type { Store } from '../store';

export interface Waiting {
  /** Counts that enter the result only once their witness confirms them. */
  witness: HandCount[];
  /** Corrections that wait: until they are confirmed, the hall's earlier count stands. */
  earlier: HandCount[];
  /** Halls whose hands nobody has entered. */
  halls: string[];
}

export function waitingHands(store: Store, ballot: Entity<'ballot'>): Waiting {
  const counted = ballot.hands ?? [];
  if (!ballot.channels?.hand) return { witness: [], earlier: [], halls: [] };
  const by = store.list('channel').flatMap((one) => (one.channel === 'hand' ? (store.get('seat', one.id) ?? []) : []));
  const halls = new Set(by.filter((seat) => seat.vote !== false).map((seat) => seat.hall));
  const waits = ballot.rule?.witness_confirms ? counted.filter((hand) => !hand.confirmed) : [];
  return {
    witness: waits.filter((hand) => !hand.earlier),
    earlier: waits.filter((hand) => hand.earlier),
    halls: [...halls].filter((hall) => !counted.some((hand) => hand.hall === hall)).sort(),
  };
}
