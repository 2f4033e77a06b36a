import { describe, expect, it } from 'vitest';
import type { ProposalStatus } from '../../../wire/protocol';
import { proposal } from '../testing/fake.svelte';
import { conflicts, difference, EMPTY, firstWrong, formOf, merged, numberOf } from './edit';
import { changed, hold } from './held';
import { matcher, NO_FILTER, SearchIndex } from './search';
import { BoardView, PAGE } from './view.svelte';

describe('search', () => {
  const cards = [
    proposal('BKS1', { title: 'Perbaikan turap kali', address: '', proposer: '', hall: 'a', rw: '02', agency: 'Dinas Bina Marga' }),
    proposal('BKS2', { title: 'Pelatihan menjahit', address: '', proposer: '', agency: '', hall: 'b', rw: '07', urgency: 'CUKUP', type: 'NON_FISIK' }),
  ];
  const find = (filter: Partial<typeof NO_FILTER>): string[] =>
    cards.filter(matcher({ ...NO_FILTER, ...filter }, new SearchIndex(), (id) => (id === 'a' ? 'Aren Jaya' : 'Pejuang'))).map((one) => one.id);

  it('finds by title, hall, RW, agency and number, in any case and order', () => {
    expect(find({ text: 'TURAP' })).toEqual(['BKS1']);
    expect(find({ text: 'aren  kali' })).toEqual(['BKS1']);
    expect(find({ text: 'rw 07' })).toEqual(['BKS2']);
    expect(find({ text: 'rw07' })).toEqual(['BKS2']);
    expect(find({ text: 'bina marga' })).toEqual(['BKS1']);
    expect(find({ text: 'bks2' })).toEqual(['BKS2']);
    expect(find({ text: 'turap menjahit' })).toEqual([]);
  });

  it('filters narrow together', () => {
    expect(find({ hall: 'b' })).toEqual(['BKS2']);
    expect(find({ hall: 'b', urgency: 'MENDESAK' })).toEqual([]);
    expect(find({ type: 'NON_FISIK' })).toEqual(['BKS2']);
    expect(find({})).toEqual(['BKS1', 'BKS2']);
  });

  it('an edited proposal is found by its new words', () => {
    const index = new SearchIndex();
    const before = cards[0] ?? proposal('x');
    const seen = matcher({ ...NO_FILTER, text: 'jembatan' }, index, () => '');
    expect(seen(before)).toBe(false);
    expect(seen({ ...before, title: 'Jembatan' })).toBe(true);
  });

  it('of 1,451 proposals each is made ready to be searched once, however much is typed', () => {
    let read = 0;
    const counted = (title: string, id: string): ReturnType<typeof proposal> =>
      Object.defineProperty(proposal(id, {}), 'title', { get: () => ((read += 1), title) });
    const many = Array.from({ length: 1451 }, (_, i) => counted(`Perbaikan trotoar ${i}`, `JKP${i}`));
    const index = new SearchIndex();
    const search = (text: string): number => many.filter(matcher({ ...NO_FILTER, text }, index, () => 'Gambir')).length;
    expect(search('trotoar')).toBe(1451);
    expect(read).toBe(1451);
    expect(search('trotoar 145 gambir')).toBe(3); // 145, 1145 and 1450
    expect(read).toBe(1451);
  });
});

describe('an order held still', () => {
  const at = (id: string, status: ProposalStatus = 'SUBMITTED') => proposal(id, { status });

  it('counts the fewest cards that explain the difference', () => {
    const held = hold(['a', 'b', 'c', 'd'].map((id) => at(id)));
    expect(changed(held, held)).toBe(0);
    expect(changed(held, hold(['b', 'c', 'd', 'a'].map((id) => at(id))))).toBe(1); // one card went to the end
    expect(changed(held, hold(['d', 'c', 'b', 'a'].map((id) => at(id))))).toBe(3);
    expect(changed(held, hold([at('a'), at('b'), at('c'), at('d', 'RESERVE')]))).toBe(1); // moved, not "gone and new"
    expect(changed(held, hold([...['a', 'b', 'c', 'd', 'e'].map((id) => at(id))]))).toBe(1);
    expect(changed(held, hold([at('a'), at('c'), at('d')]))).toBe(1);
  });

  it('a change by another does not move a card under the reader; her own move does, once it is known', () => {
    const view = new BoardView();
    let cards = [at('a'), at('b')];
    const get = (id: string) => cards.find((card) => card.id === id);
    const order = () => Object.fromEntries(view.columns(cards, get, () => '').map((column) => [column.status, column.cards.map((card) => card.id)]));
    view.follow(cards, get);

    cards = [at('b'), { ...at('a', 'RESERVE'), version: 2 }];
    view.follow(cards, get);
    expect(order()).toMatchObject({ SUBMITTED: ['a', 'b'], RESERVE: [] });
    expect(view.waiting(cards)).toBe(1);

    view.expect('b', 2); // the answer came before the frame
    expect(view.follow(cards, get)).toBeNull();
    cards = [{ ...at('a', 'RESERVE'), version: 2 }, { ...at('b', 'DISCUSSED'), version: 2 }];
    expect(view.follow(cards, get)).toBe('b');
    expect(order()).toMatchObject({ SUBMITTED: [], DISCUSSED: ['b'], RESERVE: ['a'] });
    expect(view.waiting(cards)).toBe(0);
  });

  it('waits for a proposal of one’s own whose answer came before its frame', () => {
    const view = new BoardView();
    let cards = [at('a')];
    const get = (id: string) => cards.find((card) => card.id === id);
    view.follow(cards, get);
    view.expect('b', 1);
    expect(view.follow(cards, get)).toBeNull();
    cards = [at('a'), at('b')];
    expect(view.follow(cards, get)).toBe('b');
    expect(view.waiting(cards)).toBe(0);
  });

  it('a withdrawn card is not drawn, even before the order is renewed', () => {
    const view = new BoardView();
    let cards = [at('a'), at('b')];
    const get = (id: string) => cards.find((card) => card.id === id);
    view.follow(cards, get);
    cards = [at('b')];
    expect(view.columns(cards, get, () => '')[0]?.cards.map((card) => card.id)).toEqual(['b']);
    expect(view.waiting(cards)).toBe(1);
  });

  it('columns unroll page by page', () => {
    const view = new BoardView();
    const cards = Array.from({ length: 100 }, (_, i) => at(`p${i}`));
    const shown = () => view.columns(cards, (id) => cards.find((card) => card.id === id), () => '')[0]?.shown;
    expect(shown()).toBe(PAGE);
    view.more('SUBMITTED');
    expect(shown()).toBe(2 * PAGE);
  });
});

describe('the form of a proposal', () => {
  it('reads numbers as people here write them', () => {
    expect([numberOf('109.200.000', false), numberOf('Rp 1.250.000', false), numberOf('28,5', true), numberOf('28.5', true)]).toEqual([109_200_000, 1_250_000, 28.5, 28.5]);
    expect([numberOf('28,5', false), numberOf('dua', false), numberOf('', false), numberOf('-3', false)]).toEqual([null, null, null, null]);
  });

  it('sends only what was changed, numbers as numbers and emptied ones as null', () => {
    const base = formOf(proposal('p'));
    expect(difference(base, { ...base })).toEqual({});
    expect(difference(base, { ...base, title: ' Turap kali ', amount: '120.000.000', households: '', urgency: '' })).toEqual({
      title: 'Turap kali', amount: 120_000_000, households: null, urgency: null,
    }); // prettier-ignore
  });

  it('names the first field that cannot be sent', () => {
    const base = formOf(proposal('p'));
    expect(firstWrong(base)).toBeNull();
    expect(firstWrong({ ...base, title: ' ' })).toBe('title');
    expect(firstWrong({ ...base, amount: 'mahal' })).toBe('amount');
    expect(firstWrong({ ...base, rw: '12345678901' })).toBe('rw');
    expect(firstWrong(EMPTY)).toBe('title');
  });

  it('when another was faster, both texts survive: mine where I wrote, theirs elsewhere, a choice where both did', () => {
    const base = { ...EMPTY, title: 'Turap', amount: '100', rw: '02' };
    const mine = { ...base, title: 'Turap dan tangga', rw: '03' };
    const theirs = { ...base, title: 'Turap 32 m', amount: '120' };
    expect(conflicts(base, mine, theirs)).toEqual(['title']);
    expect(merged(base, mine, theirs)).toMatchObject({ title: 'Turap dan tangga', rw: '03', amount: '120' });
    expect(conflicts(base, mine, { ...theirs, title: 'Turap dan tangga' })).toEqual([]); // the same text is no conflict
  });
});
