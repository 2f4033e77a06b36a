/** A ballot's result in the order people read it. */
import type { BallotFields } from '../../wire/protocol';

export interface Row {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  readonly votes: number;
  /** Same votes, same place; none without votes. */
  readonly place: number | null;
  readonly mark: 'elected' | 'tied' | null;
  /** Share of the longest possible bar (all who voted), 0–1. */
  readonly share: number;
}

/** Most votes first; equal votes keep the order of the ballot paper and share a place. */
export function rows(ballot: BallotFields): Row[] {
  const result = ballot.result;
  if (result === null) return [];
  const votes = new Map(result.counts.map((count) => [count.option, count.votes]));
  const sorted = ballot.options
    .map((option) => ({ option, votes: votes.get(option.id) ?? 0 }))
    .sort((a, b) => b.votes - a.votes);
  return sorted.map(({ option, votes: n }) => ({
    id: option.id,
    label: option.label,
    detail: option.detail ?? '',
    votes: n,
    place: n === 0 ? null : sorted.findIndex((other) => other.votes === n) + 1,
    mark: result.elected.includes(option.id) ? 'elected' : result.tied.includes(option.id) ? 'tied' : null,
    share: result.cast > 0 ? n / result.cast : 0,
  }));
}

/** The first twelve digits of the Merkle root in groups of four: short enough to compare across a room. */
export function checkCode(root: string): string {
  return root.slice(0, 12).replace(/(.{4})(?=.)/g, '$1 ');
}
