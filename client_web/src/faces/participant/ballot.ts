/** Where a person stands with one ballot: one word for each screen the phone can show. */
import type { Plenary, RefusedAct } from '../../state/plenary.svelte';
import type { Entity } from '../../wire/protocol';

export type Standing =
  /** may vote now */
  | 'asked'
  /** left the phone, no answer yet */
  | 'sending'
  /** waits for the connection, or for the server to store */
  | 'queued'
  | 'receipt'
  /** the server knows of a vote, this phone has no receipt */
  | 'elsewhere'
  | 'refused'
  /** open, but this card has no vote */
  | 'watching'
  /** open, and the halls vote, not the people */
  | 'halls'
  /** open, and this seat is not in its electorate */
  | 'outside'
  /** open, and this seat votes at the hall's table, or by raising a hand */
  | 'kiosk'
  | 'hand'
  /** just opened: whose it is comes in a moment */
  | 'unknown'
  | 'closed'
  | 'void';

/** After these the same person may try again while the ballot is open. */
export const TRY_AGAIN = new Set(['too_many_choices', 'unknown_option', 'bad_tracker', 'tracker_taken', 'bad_input', 'internal']);

export function refusalOf(plenary: Plenary, ballot: string): RefusedAct | undefined {
  return plenary.refusedActs.findLast((act) => act.ballot === ballot);
}

export function standing(plenary: Plenary, ballot: Entity<'ballot'>): Standing {
  if (ballot.state === 'void') return 'void';
  const waiting = plenary.waiting.find((parcel) => parcel.event === 'vote' && parcel.payload['ballot'] === ballot.id);
  if (waiting) return plenary.status === 'live' && waiting.tries < 3 ? 'sending' : 'queued';
  if (plenary.receipts[ballot.id]) return 'receipt';
  if (plenary.me?.voted[ballot.id]) return 'elsewhere';
  if (refusalOf(plenary, ballot.id)) return 'refused';
  if (ballot.state === 'closed') return 'closed';
  if (ballot.rule?.electorate === 'each_hall') return 'halls';
  if (!plenary.me?.can_vote) return 'watching';
  const mine = plenary.me.ballots?.[ballot.id];
  if (!mine) return plenary.me.ballots ? 'unknown' : 'asked';
  return !mine.in ? 'outside' : mine.channel === 'phone' ? 'asked' : mine.channel;
}

/** Whether a vote on record may still be changed. */
export const changeable = (plenary: Plenary, ballot: Entity<'ballot'>): boolean =>
  ballot.state === 'open' && ballot.rule?.revote === true && standing(plenary, ballot) === 'receipt';
