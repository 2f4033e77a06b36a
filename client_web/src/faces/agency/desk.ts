/** Which proposals lie with an agency, and the list its people look at. */
import { COLUMN_OF, type SurveyStatus, type Verdict } from '../../wire/protocol';
import { agencyOf as inCharge, plain, SearchIndex, type Proposal } from '../moderator/board/search';

export { inCharge };

export type Part = 'waiting' | 'own' | 'all' | 'score';

/** Agencies are compared as the server compares them: upper and lower case alike. */
export const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

export const onBoard = (card: Proposal): boolean => COLUMN_OF[card.status] !== null;

export function agenciesOf(cards: readonly Proposal[]): string[] {
  const found = new Map<string, string>();
  for (const card of cards) if (inCharge(card)) found.set(inCharge(card).toLowerCase(), inCharge(card));
  return [...found.values()].sort((a, b) => a.localeCompare(b));
}

export interface Lists {
  waiting: Proposal[];
  own: Proposal[];
  all: Proposal[];
}

/** The same order as the board's, what waits for an answer apart; `agency` empty = of any. */
export function listsOf(cards: readonly Proposal[], agency: string): Lists {
  const all = cards.filter(onBoard);
  const own = agency === '' ? all : all.filter((card) => same(inCharge(card), agency));
  return { all, own, waiting: own.filter((card) => !card.answer) };
}

/** What is chosen beside the words; empty = any. A card nobody was asked about has not been surveyed. */
export interface Filter {
  hall: string;
  survey: SurveyStatus | '';
}

export const filtered = (cards: readonly Proposal[], { hall, survey }: Filter): Proposal[] =>
  cards.filter((card) => (hall === '' || card.hall === hall) && (survey === '' || (card.survey ?? 'BELUM') === survey));

const index = new SearchIndex();
export function found(cards: readonly Proposal[], text: string, hallName: (id: string) => string): Proposal[] {
  const words = plain(text).split(' ').filter(Boolean);
  return words.length === 0 ? [...cards] : cards.filter((card) => words.every((word) => index.line(card, hallName(card.hall)).includes(word)));
}
