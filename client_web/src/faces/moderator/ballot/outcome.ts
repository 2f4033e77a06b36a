/** What may follow a closed ballot. */
import { methodOf } from '../../../text/ballot';
import type { Entity, Result } from '../../../wire/protocol';
import { BUDGETED } from './draft.svelte';

/** Places still to fill after a tie across the border. */
export const placesLeft = (ballot: Entity<'ballot'>, result: Result): number =>
  Math.max(0, (methodOf(ballot) === 'yes_no' ? 1 : (ballot.rule?.places ?? ballot.choose_max)) - result.elected.length);

/** Whether `ballot.next` would open a round: between the tied, or after a missed majority while rounds are left. */
export function hasNextRound(ballot: Entity<'ballot'>): boolean {
  const { result, rule } = ballot;
  if (!result || !rule || ballot.state !== 'closed' || BUDGETED.includes(rule.method)) return false;
  if (result.tied.length > 0 && rule.tie === 'revote') return true;
  return result.invalid === 'no_majority' && (ballot.round ?? 1) < rule.rounds && result.counts.some((one) => one.votes > 0);
}
