/** Where this hall stands with a ballot on which each hall has one vote. */
import type { RefusedAct } from '../../state/plenary.svelte';
import type { Entity } from '../../wire/protocol';
import type { Store } from './store';

export type HallStanding = 'asked' | 'sending' | 'queued' | 'receipt' | 'elsewhere' | 'refused' | 'outside' | 'closed' | 'void';

const ofHalls = (ballot: Entity<'ballot'> | undefined): ballot is Entity<'ballot'> => ballot?.rule?.electorate === 'each_hall';

/** The ballot this hall votes on now, or the one the chair still speaks of. */
export function hallBallot(store: Store): Entity<'ballot'> | undefined {
  const open = store.list('ballot').find((ballot) => ballot.state === 'open' && ofHalls(ballot));
  if (open) return open;
  const { ballot: spoken = null, scene } = store.stage ?? {};
  const shown = spoken === null || (scene !== 'ballot' && scene !== 'result') ? undefined : store.get('ballot', spoken);
  return ofHalls(shown) ? shown : undefined;
}

export const refusedVote = (store: Store, ballot: string): RefusedAct | undefined => store.refusedActs.findLast((act) => act.ballot === ballot);

/** Null while it is not known yet whether this hall is in the electorate. */
export function hallStanding(store: Store, ballot: Entity<'ballot'>): HallStanding | null {
  if (ballot.state === 'void') return 'void';
  const waiting = store.waiting.find((parcel) => parcel.event === 'vote' && parcel.payload['ballot'] === ballot.id);
  if (waiting) return store.status === 'live' && waiting.tries < 3 ? 'sending' : 'queued';
  if (refusedVote(store, ballot.id)) return 'refused';
  if (store.receipts[ballot.id]) return 'receipt';
  if (store.me?.voted[ballot.id]) return 'elsewhere';
  if (ballot.state === 'closed') return 'closed';
  const mine = store.me?.ballots?.[ballot.id];
  return mine ? (mine.in ? 'asked' : 'outside') : null;
}
