import type { Criterion, Outcome, ScoringFields } from '../../../wire/protocol';
import { language } from '../../../text';

/** Groups of equal scores that the forum has to put in order, best first. */
export function ties(results: readonly Outcome[]): Outcome[][] {
  const groups = new Map<string, Outcome[]>();
  for (const one of results) if (one.tied) groups.set(String(one.score), [...(groups.get(String(one.score)) ?? []), one]);
  return [...groups.values()].filter((group) => group.length > 1);
}

/** The part of the whole weight a criterion has; null for one that multiplies. */
export function weightOf(criterion: Criterion, all: readonly Criterion[]): number | null {
  if (criterion.factor) return null;
  const whole = all.reduce((sum, one) => sum + (one.factor ? 0 : one.weight), 0);
  return whole === 0 ? 0 : (100 * criterion.weight) / whole;
}

export const named = (one: { name: string; name_en: string }): string => (language() === 'en' && one.name_en ? one.name_en : one.name);
export const nameOf = (scoring: ScoringFields): string => scoring.title || named(scoring.criteria);
export const figure = (value: number | null): string => (value === null ? '–' : language() === 'en' ? String(value) : String(value).replace('.', ','));
