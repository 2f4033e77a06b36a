/** A closed ballot's result in the order people read it, whatever the method. */
import { amountOf, b, figure, methodOf } from '../text/ballot';
import { count } from '../text/format';
import type { BallotFields } from '../wire/protocol';

export interface Row {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  readonly cost: number | null;
  readonly votes: number;
  /** The figure that decides, as text: votes, marks, points, weight; of a pairwise ranking how many ranked it. */
  readonly figure: string;
  /** The same with its unit. */
  readonly words: string;
  /** Equals share a place; none without votes, and none on a yes or no. */
  readonly place: number | null;
  readonly mark: 'elected' | 'tied' | null;
  /** What the mark says here: elected, funded, carried, rejected, tied; empty without one. */
  readonly meaning: string;
  /** How the mark looks, on every face: a no that won is no success. Without a mark nothing is shown. */
  readonly tone: 'ok' | 'off' | 'warn';
  readonly icon: 'badge-check' | 'x' | 'triangle-alert';
  /** Length of its bar, 0–1. */
  readonly share: number;
}

/** Best first; equals keep the order of the ballot paper. A yes or no keeps that order altogether. */
export function rows(ballot: BallotFields): Row[] {
  const result = ballot.result;
  if (result === null) return [];
  const method = methodOf(ballot);
  const counts = new Map(result.counts.map((one) => [one.option, one]));
  const votesOf = (option: string): number => counts.get(option)?.votes ?? 0;
  const exactOf = (option: string): string => counts.get(option)?.value ?? String(votesOf(option));
  const levels = result.levels ?? [];
  const levelOf = new Map(levels.flatMap((level, i) => level.map((option) => [option, i] as const)));
  const worth = (option: string): number => (method === 'schulze' ? levels.length - (levelOf.get(option) ?? levels.length) : amountOf(exactOf(option)));
  const most = Math.max(1, ...ballot.options.map((option) => worth(option.id)));
  const weighed = result.counts.some((one) => one.value !== undefined);
  const whole = weighed || method === 'schulze' ? most : Math.max(1, result.cast);
  const made = ballot.options.map((option): Row => {
    const value = worth(option.id);
    const mark = result.elected.includes(option.id) ? 'elected' : result.tied.includes(option.id) ? 'tied' : null;
    const shown = method === 'schulze' ? count(votesOf(option.id)) : figure(exactOf(option.id));
    const refused = method === 'yes_no' && option.id === 'no';
    const better = ballot.options.filter((other) => worth(other.id) > value).length;
    return {
      id: option.id,
      label: option.label,
      detail: option.detail ?? '',
      cost: option.cost ?? null,
      votes: votesOf(option.id),
      figure: shown,
      words: b(`figure.${unitOf(ballot)}`, { n: shown }),
      place: method === 'yes_no' || value === 0 ? null : better + 1,
      mark,
      meaning: mark === null ? '' : mark === 'tied' ? b('mark.tied') : meaningOf(ballot, option.id),
      tone: mark === 'tied' ? 'warn' : refused ? 'off' : 'ok',
      icon: mark === 'tied' ? 'triangle-alert' : refused ? 'x' : 'badge-check',
      share: value / whole,
    };
  });
  return method === 'yes_no' ? made : made.sort((one, other) => worth(other.id) - worth(one.id));
}

function unitOf(ballot: BallotFields): 'votes' | 'score' | 'points' | 'weight' | 'ranked' {
  const method = methodOf(ballot);
  if (method === 'schulze') return 'ranked';
  if (method === 'score') return 'score';
  if (method === 'points' || method === 'borda') return 'points';
  return (ballot.rule?.weights ?? 'none') === 'none' ? 'votes' : 'weight';
}

function meaningOf(ballot: BallotFields, option: string): string {
  const method = methodOf(ballot);
  if (method === 'knapsack' || method === 'equal_shares') return b('mark.bought');
  if (method === 'yes_no' && (option === 'yes' || option === 'no')) return b(`mark.${option}`);
  return b('mark.elected');
}
