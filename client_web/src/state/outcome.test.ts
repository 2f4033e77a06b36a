import { describe, expect, it } from 'vitest';
import { figure, ruleText, sumsText, tieText, verdictText } from '../text/ballot';
import type { BallotFields, BallotRule, Result } from '../wire/protocol';
import { rows } from './outcome';

function closed(method: string, result: Partial<Result>, rule: Partial<BallotRule> = {}, ids = ['a', 'b', 'c']): BallotFields {
  const options = ids.map((id, i) => ({ id, label: id.toUpperCase(), ...(rule.budget ? { cost: 10 * (i + 1) } : {}) }));
  const none = { counts: [], cast: 10, blank: 0, electorate: 10, elected: [], tied: [], root: '' };
  return { title: 'T', choose_max: 1, options, state: 'closed', result: { ...none, ...result }, rule: { method, places: 1, majority: 'simple', base: 'cast', tie: 'forum', weights: 'none', ...rule } } as unknown as BallotFields; // prettier-ignore
}
const counts = (...pairs: [string, number, string?][]): Result['counts'] => pairs.map(([option, votes, value]) => ({ option, votes, ...(value ? { value } : {}) }));
const told = (ballot: BallotFields) => rows(ballot).map((row) => [row.id, row.figure, row.place, row.mark]);

describe('rows of a result', () => {
  it('votes: most first, equals share a place, none without votes', () => {
    expect(told(closed('single', { counts: counts(['a', 0], ['b', 4], ['c', 4]), tied: ['b', 'c'] }))).toEqual([['b', '4', 1, 'tied'], ['c', '4', 1, 'tied'], ['a', '0', null, null]]);
  });

  it('score and Borda: by their figure, not by how many gave one', () => {
    const ballot = closed('score', { counts: counts(['a', 9, '12'], ['b', 3, '15'], ['c', 1, '7/3']), elected: ['b'] });
    expect(told(ballot)).toEqual([['b', '15', 1, 'elected'], ['a', '12', 2, null], ['c', '2,33', 3, null]]);
    expect(rows(ballot)[0]).toMatchObject({ words: '15 nilai', share: 1 });
  });

  it('a pairwise ranking: by its levels, the figure says how many ranked it', () => {
    const ballot = closed('schulze', { counts: counts(['a', 9, '9'], ['b', 3, '3'], ['c', 0, '0']), levels: [['b'], ['a']], elected: ['b'] });
    expect(told(ballot)).toEqual([['b', '3', 1, 'elected'], ['a', '9', 2, null], ['c', '0', null, null]]);
  });

  it('says how a mark looks: a no that won is no success, equals are a warning', () => {
    const looks = (ballot: BallotFields) => rows(ballot).map(({ mark, tone, icon }) => (mark ? [mark, tone, icon] : []));
    expect(looks(closed('yes_no', { counts: counts(['yes', 3], ['no', 6]), elected: ['no'] }, {}, ['yes', 'no']))).toEqual([[], ['elected', 'off', 'x']]);
    expect(looks(closed('yes_no', { counts: counts(['yes', 6], ['no', 3]), elected: ['yes'] }, {}, ['yes', 'no']))).toEqual([['elected', 'ok', 'badge-check'], []]);
    expect(looks(closed('single', { counts: counts(['no', 4], ['b', 2], ['c', 2]), elected: ['no'], tied: ['b', 'c'] }, {}, ['no', 'b', 'c']))).toEqual([
      ['elected', 'ok', 'badge-check'],
      ['tied', 'warn', 'triangle-alert'],
      ['tied', 'warn', 'triangle-alert'],
    ]);
  });

  it('a yes or no keeps the order of the paper and says what the answer means', () => {
    const ballot = closed('yes_no', { counts: counts(['yes', 3], ['no', 6], ['abstain', 1]), elected: ['no'] }, {}, ['yes', 'no', 'abstain']);
    expect(rows(ballot).map((row) => [row.id, row.meaning, row.place])).toEqual([['yes', '', null], ['no', 'Ditolak', null], ['abstain', '', null]]);
  });

  it('a budget: what it bought and for how much', () => {
    const ballot = closed('knapsack', { counts: counts(['a', 3, '3'], ['b', 6, '6'], ['c', 1, '1']), elected: ['b', 'a'], spent: 30 }, { budget: 35 });
    expect(rows(ballot).map((row) => [row.id, row.meaning, row.cost])).toEqual([['b', 'Dibiayai', 20], ['a', 'Dibiayai', 10], ['c', '', 30]]);
    expect(sumsText(ballot)).toBe('Dibelanjakan Rp30 dari Rp35');
  });
});

describe('a rule and its result in words', () => {
  it('says the majority and whether it was reached', () => {
    const verdict = { majority: 'absolute' as const, base: 'electorate' as const, size: '21', needed: '21/2', more_than: true, reached: ['a'] };
    const ballot = closed('single', { counts: counts(['a', 11]), elected: ['a'], verdict }, { majority: 'absolute', base: 'electorate', places: 2 });
    expect(ruleText(ballot)).toBe('Pilih satu · Lebih dari setengah dari semua pemilih · 2 tempat');
    expect(verdictText(ballot)).toEqual({ tone: 'ok', title: 'Mayoritas tercapai', detail: 'Perlu lebih dari 10,50 dari 21 (semua pemilih).' });
    expect(verdictText(closed('single', { invalid: 'no_quorum' }))?.title).toMatch(/kuorum tidak terpenuhi/);
    expect(verdictText(closed('single', {}))).toBeNull();
  });

  it('says who decides a tie', () => {
    expect(tieText(closed('single', { tied: ['a', 'b'] }, { tie: 'chair' }))).toMatch(/Ketua sidang/);
    expect(tieText(closed('single', {}))).toBe('');
  });

  it('writes exact figures with two digits', () => {
    expect([figure('7'), figure('7/3'), figure('1999/1000'), figure('4000/3')]).toEqual(['7', '2,33', '2', '1.333,33']);
  });
});
