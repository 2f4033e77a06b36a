/** What this moderator sees of the board: the filter, the order held still, and how far each column is unrolled. */
import { COLUMN_OF, type BoardColumn } from '../../../wire/protocol';
import { changed, hold, type Held } from './held';
import { byKey, type Sort } from './sorting';
import { whenIdle } from './idle';
import { COLUMNS, matcher, NO_FILTER, SearchIndex, type Filter, type Proposal } from './search';

export const PAGE = 40;
/** Rows of the table drawn at a time. */
export const ROWS = 60;
/** One board, looked at in three ways. */
export const MODES = ['cards', 'table', 'map'] as const;
export type Mode = (typeof MODES)[number];
/** Proposals made searchable at a time. */
const PREPARED = 150;

export interface ColumnView {
  /** The column, named by the first of its statuses. */
  status: BoardColumn;
  /** Matching cards in the held order; `shown` of them are drawn. */
  cards: Proposal[];
  shown: number;
  /** Cards of this column, filter aside. */
  total: number;
}

export class BoardView {
  filter = $state<Filter>({ ...NO_FILTER });
  mode = $state<Mode>('cards');
  /** By what the rows of the table stand; null = column by column, as on the cards. */
  sort = $state.raw<Sort | null>(null);
  rowsShown = $state(ROWS);
  /** Places of a sorted table, taken when it was sorted: a figure that changes moves no row under the reader. */
  #places = $state.raw<ReadonlyMap<string, number>>(new Map());
  #nameOf: (hall: string) => string = (hall) => hall;
  #held = $state.raw<Held | null>(null);
  #pages = $state<Partial<Record<BoardColumn, number>>>({});
  #expected = $state.raw<{ id: string; version: number } | null>(null);
  readonly #index = new SearchIndex();

  get filtered(): boolean {
    return Object.values(this.filter).some((value) => value !== '');
  }

  /** Another for each filter. */
  get filterKey(): string {
    return JSON.stringify(this.filter);
  }

  /** Readies the search before the first letter is typed, a part at a time; the answer calls it off. */
  prepare(proposals: readonly Proposal[], hallName: (id: string) => string): () => void {
    let off = (): void => undefined;
    const part = (start: number): void => {
      if (start >= proposals.length) return;
      off = whenIdle(() => {
        for (const proposal of proposals.slice(start, start + PREPARED)) this.#index.line(proposal, hallName(proposal.hall));
        part(start + PREPARED);
      });
    };
    part(0);
    return () => off();
  }

  clear(): void {
    this.filter = { ...NO_FILTER };
  }

  /** Shows the newest order from now on. */
  refresh(proposals: readonly Proposal[]): void {
    this.#held = hold(proposals);
    this.#expected = null;
    if (this.sort) this.#places = byKey(proposals, this.sort, this.#nameOf);
  }

  /** Sorts the rows of the table; null = as the columns stand. */
  sortBy(sort: Sort | null, proposals: readonly Proposal[], hallName: (id: string) => string): void {
    this.#nameOf = hallName;
    this.sort = sort;
    this.rowsShown = ROWS;
    this.#places = sort ? byKey(proposals, sort, hallName) : new Map();
  }

  /** The cards of all columns in one list, in the order of the table. */
  rows(columns: readonly ColumnView[]): Proposal[] {
    const cards = columns.flatMap((column) => column.cards);
    const places = this.#places;
    const place = (card: Proposal): number => places.get(card.id) ?? Number.MAX_SAFE_INTEGER; // came after the sorting
    return this.sort === null ? cards : cards.sort((a, b) => place(a) - place(b));
  }

  /** A move of one's own was recorded: the order follows once the store knows that version. */
  expect(id: string, version: number): void {
    this.#expected = { id, version };
  }

  /** Call when the store changed. Returns the proposal whose own move has just become visible, if any. */
  follow(proposals: readonly Proposal[], get: (id: string) => Proposal | undefined): string | null {
    if (this.#held === null) {
      if (proposals.length > 0) this.refresh(proposals);
      return null;
    }
    const expected = this.#expected;
    if (expected === null) return null;
    const now = get(expected.id);
    if (now === undefined || now.version < expected.version) return null;
    this.refresh(proposals);
    return expected.id;
  }

  /** Cards that others moved, added or withdrew since the order was taken. */
  waiting(proposals: readonly Proposal[]): number {
    return this.#held === null ? 0 : changed(this.#held, hold(proposals));
  }

  more(status: BoardColumn): void {
    this.#pages[status] = (this.#pages[status] ?? 1) + 1;
  }

  /** Unrolls a column far enough for its card at `place`, from 0. */
  reveal(status: BoardColumn, place: number): void {
    this.#pages[status] = Math.max(this.#pages[status] ?? 1, Math.ceil((place + 1) / PAGE));
  }

  columns(proposals: readonly Proposal[], get: (id: string) => Proposal | undefined, hallName: (id: string) => string): ColumnView[] {
    const held = this.#held ?? hold(proposals);
    const matches = matcher(this.filter, this.#index, hallName);
    const totals = new Map<BoardColumn, number>();
    for (const proposal of proposals) {
      const column = COLUMN_OF[proposal.status];
      if (column) totals.set(column, (totals.get(column) ?? 0) + 1);
    }
    return COLUMNS.map((status) => ({
      status,
      cards: (held.get(status) ?? []).flatMap((id) => get(id) ?? []).filter(matches),
      shown: (this.#pages[status] ?? 1) * PAGE,
      total: totals.get(status) ?? 0,
    }));
  }
}
