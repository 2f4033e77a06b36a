/** What stands on a ballot paper while it is filled in, and the one form in which it is sent. */
import { methodOf } from '../../text/ballot';
import type { BallotFields, BallotOption } from '../../wire/protocol';

export interface Filled {
  /** Options taken; of a ranking, best first. */
  chosen: string[];
  /** Marks or points by option; nothing given is 0 or absent. */
  values: Record<string, number>;
}

export const empty = (): Filled => ({ chosen: [], values: {} });

/** Which kind of paper the method needs. */
export function paperOf(ballot: BallotFields): 'choose' | 'value' | 'rank' {
  const method = methodOf(ballot);
  if (method === 'score' || method === 'points') return 'value';
  return method === 'borda' || method === 'schulze' ? 'rank' : 'choose';
}

export const isBudgeted = (ballot: BallotFields): boolean => ['knapsack', 'equal_shares'].includes(methodOf(ballot));

/**
 * The choices in the form the box keeps: options in the ballot's order, values as "option:value" in that order with
 * nothing given left out, a ranking as it was made. An order of one's own could mark a vote that was sold.
 */
export function choicesOf(ballot: BallotFields, filled: Filled): string[] {
  const ids = ballot.options.map((option) => option.id);
  switch (paperOf(ballot)) {
    case 'value':
      return ids.flatMap((id) => (filled.values[id] ? [`${id}:${filled.values[id]}`] : []));
    case 'rank':
      return [...filled.chosen];
    default:
      return ids.filter((id) => filled.chosen.includes(id));
  }
}

/** A paper filled as a vote on record says. */
export function filledFrom(ballot: BallotFields, choices: readonly string[]): Filled {
  if (paperOf(ballot) !== 'value') return { chosen: [...choices], values: {} };
  const values = choices.map((choice) => choice.split(':')).map(([id = '', value]) => [id, Number(value)] as const);
  return { chosen: [], values: Object.fromEntries(values) };
}

/** The options of a vote in its order, each with the value it was given. */
export function picked(ballot: BallotFields, choices: readonly string[]): { option: BallotOption; value: string }[] {
  const byId = new Map(ballot.options.map((option) => [option.id, option]));
  return choices.flatMap((choice) => {
    const [id = '', value = ''] = choice.split(':');
    const option = byId.get(id);
    return option ? [{ option, value }] : [];
  });
}

/** In rupiah. */
export const costOf = (ballot: BallotFields, chosen: readonly string[]): number =>
  ballot.options.reduce((sum, option) => sum + (chosen.includes(option.id) ? (option.cost ?? 0) : 0), 0);

export const pointsOf = (values: Filled['values']): number => Object.values(values).reduce((sum, value) => sum + value, 0);

/** The most one option may be given now: the top of the scale, or what is left of the points. */
export function mostFor(ballot: BallotFields, values: Filled['values'], option: string): number {
  const rule = ballot.rule;
  if (methodOf(ballot) !== 'points') return rule?.scale_most ?? 0;
  return (rule?.points ?? 0) - pointsOf(values) + (values[option] ?? 0);
}

/** The marks of a short scale as buttons, 0 for none; null where the scale is too long for that. */
export function marksOf(ballot: BallotFields): number[] | null {
  const { scale_least: least = 0, scale_most: most = 0 } = ballot.rule ?? {};
  const from = Math.max(1, least);
  if (methodOf(ballot) !== 'score' || most - from > 5) return null;
  return [0, ...Array.from({ length: most - from + 1 }, (_, i) => from + i)];
}

/** A number typed or stepped to, brought to what may be given: 0, or from the least of the scale to the most. */
export function fitting(ballot: BallotFields, values: Filled['values'], option: string, wanted: number): number {
  const least = methodOf(ballot) === 'score' ? Math.max(1, ballot.rule?.scale_least ?? 0) : 1;
  const whole = Math.min(Math.trunc(wanted) || 0, mostFor(ballot, values, option));
  return whole < least ? 0 : whole;
}
