/** What a scorer fills in, and in which order the proposals wait for it. */
import type { Criterion, OwnScoring, ScoringFields } from '../../wire/protocol';
import type { Proposal } from '../moderator/board/search';

/** A longer scale is typed. */
const STEPS_MOST = 12;

/** An automatic criterion is scored by a person only where the number it follows from is missing. */
export const askedOf = (criteria: readonly Criterion[], proposal: Proposal): Criterion[] =>
  criteria.filter((one) => one.automatic === null || proposal[one.automatic] === null);

/** The points of a short scale; empty when it has to be typed. */
export function stepsOf(one: Pick<Criterion, 'least' | 'most' | 'step'>): number[] {
  const n = Math.floor((one.most - one.least) / one.step + 1e-9) + 1;
  return n > STEPS_MOST ? [] : Array.from({ length: n }, (_, i) => Number((one.least + i * one.step).toFixed(6)));
}

/** What may be scored, in the scoring's order, the unscored ones first. */
export function toScore(scoring: ScoringFields, own: OwnScoring): string[] {
  const mine = scoring.proposals.filter((id) => !own.barred.includes(id));
  return [...mine.filter((id) => !own.scores[id]), ...mine.filter((id) => own.scores[id])];
}
