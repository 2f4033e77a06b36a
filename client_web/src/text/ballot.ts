/** A ballot's rule and result in words, the same on every face. */
import type { BallotFields, BallotRule, Method } from '../wire/protocol';
import { count, rupiah } from './format';
import { language, texts } from './language';
import id from './ballot.id';

export const b = texts(id, () => import('./ballot.en'));

export const methodOf = (ballot: BallotFields): Method => ballot.rule?.method ?? 'approval';

/** "7", or "7/3" as a decimal of two digits: exact figures stand in the transcript. */
export function figure(exact: string): string {
  const [above = '0', below = '1'] = exact.split('/');
  const value = Number(above) / Number(below);
  const whole = Math.floor(value);
  const hundredths = Math.round((value - whole) * 100);
  if (hundredths === 0) return count(whole);
  if (hundredths === 100) return count(whole + 1);
  return `${count(whole)}${language() === 'en' ? '.' : ','}${String(hundredths).padStart(2, '0')}`;
}

export const amountOf = (exact: string): number => {
  const [above = '0', below = '1'] = exact.split('/');
  return Number(above) / Number(below);
};

/** What a voter is asked to do. */
export function howText(ballot: BallotFields): string {
  const method = methodOf(ballot);
  const rule = ballot.rule;
  if (method === 'approval' && ballot.choose_max === 1) return b('how.single');
  return b(`how.${method}`, {
    n: count(method === 'points' ? (rule?.points ?? 0) : ballot.choose_max),
    least: rule?.scale_least ?? 0,
    most: rule?.scale_most ?? 0,
    budget: rupiah(rule?.budget ?? 0),
  });
}

/** "Paling sedikit dua pertiga dari suara yang masuk"; of the simple majority only its name. */
export const majorityText = (rule: Pick<BallotRule, 'majority' | 'base'>): string =>
  rule.majority === 'simple' ? b('majority.simple') : b('majority.of', { majority: b(`majority.${rule.majority}`), base: b(`base.${rule.base}`) });

/** How it is counted, in one line: method, majority, places, round. */
export function ruleText(ballot: BallotFields): string {
  const rule = ballot.rule;
  const method = methodOf(ballot);
  const plain = method === 'approval' || method === 'single' || method === 'yes_no';
  return [
    b(`method.${method === 'approval' && ballot.choose_max === 1 ? 'single' : method}`),
    plain && rule ? majorityText(rule) : '',
    rule && rule.places > 1 && method !== 'knapsack' && method !== 'equal_shares' ? b('places', { n: count(rule.places) }) : '',
    (ballot.round ?? 1) > 1 ? b('round', { n: ballot.round ?? 1 }) : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

/** Whether the result binds, and what the majority came to; empty where most votes are enough. */
export function verdictText(ballot: BallotFields): { tone: 'ok' | 'bad'; title: string; detail: string } | null {
  const result = ballot.result;
  if (!result) return null;
  const verdict = result.verdict;
  const detail = verdict
    ? b(verdict.more_than ? 'verdict.more' : 'verdict.least', { needed: figure(verdict.needed), size: figure(verdict.size), base: b(`base.${verdict.base}`) })
    : '';
  if (result.invalid === 'no_quorum') return { tone: 'bad', title: b('verdict.quorum'), detail };
  if (result.invalid === 'no_majority') return { tone: 'bad', title: b('verdict.missed'), detail };
  return verdict ? { tone: 'ok', title: b('verdict.reached'), detail } : null;
}

/** What the rule says of the tie this result has; empty without one. */
export const tieText = (ballot: BallotFields): string => (ballot.result?.tied.length ? b(`tie.${ballot.rule?.tie ?? 'forum'}`) : '');

/** Sums that only some ballots have: what was spent, hands, proxies, hands that were left out. */
export function sumsText(ballot: BallotFields): string {
  const result = ballot.result;
  if (!result) return '';
  const lost = (result.left_out ?? []).reduce((sum, one) => sum + (one.earlier ? 0 : one.cast), 0);
  return [
    result.spent === undefined ? '' : b('spent', { spent: rupiah(result.spent), budget: rupiah(ballot.rule?.budget ?? 0) }),
    result.hand ? b('hand', { n: count(result.hand) }) : '',
    result.delegated ? b('delegated', { n: count(result.delegated) }) : '',
    lost > 0 ? b('leftOut', { n: count(lost) }) : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

/** The chair's casting decisions, as they are read out. */
export const tieBreaks = (ballot: BallotFields): string[] =>
  (ballot.tie_breaks ?? []).map(({ option, reason }) => b('tie.broken', { option: ballot.options.find((one) => one.id === option)?.label ?? option, reason }));
