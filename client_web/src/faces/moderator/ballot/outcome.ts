/** A closed ballot as rows to show: the most voted first, each with what it means. */
import type { BallotOption, Entity, Result } from '../../../wire/protocol';

export interface Row {
  option: BallotOption;
  votes: number;
  outcome: 'elected' | 'tied' | 'none';
}

export function rows(ballot: Entity<'ballot'>, result: Result): Row[] {
  const votes = new Map(result.counts.map((one) => [one.option, one.votes]));
  const elected = new Set(result.elected);
  const tied = new Set(result.tied);
  return ballot.options
    .map((option): Row => ({
      option,
      votes: votes.get(option.id) ?? 0,
      outcome: elected.has(option.id) ? 'elected' : tied.has(option.id) ? 'tied' : 'none',
    }))
    .sort((a, b) => b.votes - a.votes); // equal votes keep the order of the ballot paper
}

/** Places still to fill after a tie across the border. */
export const placesLeft = (ballot: Entity<'ballot'>, result: Result): number => Math.max(0, ballot.choose_max - result.elected.length);
