import { beforeEach, describe, expect, it } from 'vitest';
import { ballot } from '../testing/fake.svelte';
import { Draft } from './draft.svelte';
import { hasNextRound, placesLeft } from './outcome';
import { readWeights, sentWeights } from './weights';
import type { BallotRule } from '../../../wire/protocol';

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

  it('knows how many places a tie leaves open', () => {
    expect(placesLeft(ballot('b1', { choose_max: 2 }), result)).toBe(1);
  });

  it('a round follows a tie to be voted on again, or a missed majority while rounds are left', () => {
    const rule = { method: 'single', tie: 'revote', rounds: 2, places: 1 } as BallotRule;
    const at = (fields: Parameters<typeof ballot>[1]) => hasNextRound(ballot('b1', { state: 'closed', result, rule, ...fields }));
    expect(at({})).toBe(true);
    expect(at({ rule: { ...rule, tie: 'chair' } })).toBe(false);
    const missed = { ...result, elected: [], tied: [], invalid: 'no_majority' as const };
    expect(at({ result: missed, round: 1 })).toBe(true);
    expect(at({ result: missed, round: 2 })).toBe(false);
    expect(at({ rule: { ...rule, method: 'knapsack' } })).toBe(false);
    expect(at({ state: 'void', result: null })).toBe(false);
  });
});

describe('a draft of every method', () => {
  function drafted(fields: Partial<Draft['value']>): Draft {
    const draft = new Draft();
    draft.replace({ title: 'T', secrecy: 'open', minutes: null, ...fields });
    if (fields.method !== 'yes_no') draft.preset(['A', 'B']);
    return draft;
  }
  const named = [{ id: 'o1', label: 'A' }, { id: 'o2', label: 'B' }];

  it('sends what the method needs and nothing the rules say', () => {
    expect(drafted({ method: 'yes_no', source: 'free', majority: 'two_thirds' }).payload()).toEqual({ title: 'T', method: 'yes_no', secrecy: 'open', majority: 'two_thirds' });
    expect(drafted({ method: 'score', scaleMost: 10, majority: 'absolute' }).payload()).toEqual({ title: 'T', method: 'score', scale: [0, 10], secrecy: 'open', options: named });
    expect(drafted({ method: 'points', points: 7 }).payload()).toMatchObject({ method: 'points', points: 7 });
    expect(drafted({ method: 'borda', variant: 'modified', places: 2 }).payload()).toMatchObject({ variant: 'modified', places: 2 });
    const budget = drafted({ method: 'knapsack', budget: 900, places: 2 });
    budget.value.options[0]!.cost = 400;
    expect(budget.payload()).toEqual({ title: 'T', method: 'knapsack', budget: 900, secrecy: 'open', options: [{ id: 'o1', label: 'A', cost: 400 }, { id: 'o2', label: 'B' }] });
  });

  it('leaves what opens votes out of a secret one', () => {
    const fields = { method: 'single' as const, weights: 'hall_voting' as const, revote: true, rounds: 2, base: 'valid' as const };
    expect(drafted(fields).payload()).toMatchObject({ weights: 'hall_voting', revote: true, rounds: 2, base: 'valid' });
    const secret = drafted({ ...fields, secrecy: 'secret' }).payload();
    expect([secret['weights'], secret['revote'], secret['rounds']]).toEqual([undefined, undefined, 2]);
  });

  it('names halls or seats where only some vote', () => {
    expect(drafted({ circle: 'halls', halls: ['pejuang'] }).payload()['electorate']).toEqual({ kind: 'halls', halls: ['pejuang'] });
    expect(drafted({ circle: 'each_hall' }).payload()['electorate']).toEqual({ kind: 'each_hall' });
    expect(drafted({ circle: 'seats', seats: ['s1'] }).payload()['electorate']).toEqual({ kind: 'seats', seats: ['s1'] });
    expect(drafted({}).payload()['electorate']).toBeUndefined();
  });

  it('takes weights seat by seat, pasted as lines', () => {
    const seats = [
      { id: 's1', office: 'Ketua RW 07', hall: 'Pejuang' },
      { id: 's2', office: 'Ketua RW 07', hall: 'Jatiasih' },
      { id: 's3', office: 'Ketua LPM', hall: 'Jatiasih' },
    ];
    expect(readWeights('s1;3\n\njatiasih ·  ketua rw 07\t0\nKetua LPM ; 1', seats)).toEqual({
      given: [{ seat: 's1', weight: 3 }, { seat: 's2', weight: 0 }, { seat: 's3', weight: 1 }],
      wrong: [],
    });
    const wrong = ['Ketua RW 07;2', 's9;2', 's1', 's1;-1', 's1;1000001', 's1;2,5'];
    expect(readWeights([...wrong, 's1;2', 's1;3'].join('\n'), seats)).toEqual({ given: [{ seat: 's1', weight: 2 }], wrong: [...wrong, 's1;3'] });
    expect(sentWeights([{ seat: 's1', weight: 3 }, { seat: 's3', weight: 1 }])).toEqual([{ seat: 's1', weight: 3 }]);
    expect(sentWeights([{ seat: 's1', weight: 1 }, { seat: 's3', weight: 1 }])).toEqual([{ seat: 's1', weight: 1 }]);
    const asked = { method: 'single', weights: 'given', given: [{ seat: 's1', weight: 3 }] } as const;
    const given = [...asked.given];
    expect(drafted({ ...asked, given }).payload()).toMatchObject({ weights: 'given', given });
    expect(drafted({ ...asked, given }).ruleFaults).toEqual([]);
    expect(drafted({ ...asked, given, secrecy: 'secret' }).payload()).not.toHaveProperty('given');
    expect(drafted({ ...asked, given: [] }).ruleFaults).toEqual(['weights']);
    expect(drafted({ ...asked, given, weightsWrong: 1 }).ruleFaults).toEqual(['weights']);
    expect(drafted({ ...asked, given, circle: 'each_hall' }).ruleFaults).toEqual(['weightsHalls']);
    const many = Array.from({ length: 2500 }, (_, n) => ({ seat: `aula-${n}`, weight: 2 }));
    expect(drafted({ ...asked, given: many }).ruleFaults).toEqual(['weightsMany']);
  });

  it('keeps whole papers of a secret ballot unpublished', () => {
    const asked = { secrecy: 'secret', proof: 'inclusion' } as const;
    expect(drafted({ ...asked, method: 'equal_shares', budget: 9 }).ruleFaults).toEqual(['proof']);
    expect(drafted({ ...asked, method: 'equal_shares', budget: 9, proof: 'full' }).ruleFaults).toEqual([]);
    expect(drafted({ secrecy: 'open', method: 'equal_shares', budget: 9 }).ruleFaults).toEqual([]);
    const sums = (method: 'score' | 'single' | 'yes_no' | 'approval', chooseMax = 1): boolean => {
      const draft = drafted({ method });
      draft.value.chooseMax = chooseMax;
      return draft.sums;
    };
    expect([sums('score'), sums('approval', 2), sums('approval'), sums('single', 2), sums('yes_no')]).toEqual([true, true, false, false, false]);
  });

  it('says what is missing', () => {
    expect(drafted({ method: 'equal_shares', circle: 'halls' }).ruleFaults).toEqual(['budget', 'halls']);
    expect(drafted({ method: 'points', points: null, circle: 'seats' }).ruleFaults).toEqual(['points', 'seats']);
    expect(drafted({ method: 'score', scaleLeast: 5 }).ruleFaults).toEqual(['scale']);
    expect(drafted({ method: 'single', places: 3 }).ruleFaults).toEqual(['places']);
    const long = drafted({ method: 'schulze' });
    for (let i = 0; i < 60; i += 1) long.addOption(`x${i}`);
    expect(long.ruleFaults).toEqual(['tooMany']);
    expect(drafted({ method: 'yes_no' }).faults).toEqual([]);
  });
});
