import { beforeEach, describe, expect, it } from 'vitest';
import { ballot } from '../testing/fake.svelte';
import { Draft } from './draft.svelte';
import { placesLeft, rows } from './outcome';

beforeEach(() => sessionStorage.clear());

describe('a ballot being composed', () => {
  it('says what is missing, in the order of the form', () => {
    const draft = new Draft();
    expect(draft.faults).toEqual(['title', 'options']);
    draft.value.title = 'Setuju tata tertib?';
    draft.preset(['Setuju', 'Tidak setuju']);
    expect(draft.faults).toEqual([]);
    draft.value.chooseMax = 3;
    expect(draft.faults).toEqual(['chooseMax']);
    draft.value.options[0]!.label = 'tidak setuju ';
    expect(draft.faults).toEqual(['same']);
    draft.value.options[0]!.label = ' ';
    expect(draft.faults).toEqual(['blank']);
  });

  it('from the board it sends proposals, secret with a proof and a time limit', () => {
    const draft = new Draft();
    draft.value.title = ' Tiga prioritas ';
    for (const id of ['p1', 'p2', 'p1']) draft.addProposal(id);
    expect(draft.payload()).toEqual({ title: 'Tiga prioritas', choose_max: 1, secrecy: 'secret', proof: 'inclusion', seconds: 300, proposals: ['p1', 'p2'] });
  });

  it('written by hand and open it sends options without proof; without limit no seconds', () => {
    const draft = new Draft();
    draft.replace({ title: 'Sah?', secrecy: 'open', minutes: null });
    draft.preset(['Ya', 'Tidak']);
    draft.value.options[1]!.detail = ' ditunda ';
    expect(draft.payload()).toEqual({
      title: 'Sah?', choose_max: 1, secrecy: 'open', options: [{ id: 'o1', label: 'Ya' }, { id: 'o2', label: 'Tidak', detail: 'ditunda' }],
    }); // prettier-ignore
  });

  it('moves and removes options; a new one never takes the id of a kept one', () => {
    const draft = new Draft();
    draft.preset(['A', 'B', 'C']);
    draft.shift(2, -1);
    expect(draft.value.options.map((option) => option.label)).toEqual(['A', 'C', 'B']);
    draft.remove(0);
    draft.addOption('D');
    expect(new Set(draft.value.options.map((option) => option.id)).size).toBe(3);
  });

  it('survives a reload, and one draft never leaks into the next', () => {
    const draft = new Draft();
    draft.value.title = 'Tersimpan';
    draft.addProposal('p1');
    draft.keep();
    expect(new Draft().value).toMatchObject({ title: 'Tersimpan', proposals: ['p1'] });
    draft.clear();
    draft.keep();
    expect(new Draft().begun).toBe(false);
  });

  it('an unreadable note is an empty draft', () => {
    sessionStorage.setItem('pleno.ballot.draft', '{');
    expect(new Draft().begun).toBe(false);
  });
});

describe('the outcome', () => {
  const result = { counts: [{ option: 'a', votes: 88 }, { option: 'b', votes: 151 }, { option: 'c', votes: 88 }], cast: 201, blank: 3, electorate: 240, elected: ['b'], tied: ['a', 'c'], root: '9f' }; // prettier-ignore

  it('lists the most voted first and equal ones in the order of the paper', () => {
    expect(rows(ballot('b1'), result).map((row) => [row.option.id, row.votes, row.outcome])).toEqual([
      ['b', 151, 'elected'],
      ['a', 88, 'tied'],
      ['c', 88, 'tied'],
    ]);
  });

  it('knows how many places a tie leaves open', () => {
    expect(placesLeft(ballot('b1', { choose_max: 2 }), result)).toBe(1);
  });
});
