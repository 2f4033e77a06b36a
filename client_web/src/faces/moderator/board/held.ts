/**
 * The order the reader looks at, held still while others move cards: a card moved elsewhere stays where it was, marked,
 * and new cards wait, until the reader asks for the newest order or moves a card herself.
 */
import { COLUMN_OF, type BoardColumn } from '../../../wire/protocol';
import { COLUMNS, type Proposal } from './search';

export type Held = ReadonlyMap<BoardColumn, readonly string[]>;

/** `proposals` in list order (by rank within a column). */
export function hold(proposals: readonly Proposal[]): Held {
  const columns = new Map<BoardColumn, string[]>(COLUMNS.map((column) => [column, []]));
  for (const proposal of proposals) {
    const column = COLUMN_OF[proposal.status];
    if (column) columns.get(column)?.push(proposal.id);
  }
  return columns;
}

/** How many cards are no longer where the held order shows them, are new, or are gone. */
export function changed(held: Held, newest: Held): number {
  const moved = new Set<string>();
  for (const status of COLUMNS) {
    const before = held.get(status) ?? [];
    const after = newest.get(status) ?? [];
    const stays = new Set(before);
    const present = new Set(after);
    for (const id of before) if (!present.has(id)) moved.add(id);
    for (const id of after) if (!stays.has(id)) moved.add(id);
    for (const id of outOfOrder(before.filter((id) => present.has(id)), after.filter((id) => stays.has(id)))) moved.add(id);
  }
  return moved.size;
}

/** The fewest cards whose move explains the change: those outside the longest run that kept its order. */
function outOfOrder(before: readonly string[], after: readonly string[]): string[] {
  if (before.length === after.length && before.every((id, i) => id === after[i])) return [];
  const place = new Map(after.map((id, i) => [id, i]));
  const tails: number[] = []; // smallest possible end of a rising run of each length
  for (const id of before) {
    const at = place.get(id) ?? 0;
    let [low, high] = [0, tails.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((tails[middle] ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    tails[low] = at;
  }
  return before.slice(0, before.length - tails.length);
}

/** The card to stand before, to go one place up or down among the cards in sight: null = the end, undefined = already there. */
export function beside(cards: readonly Proposal[], place: number, by: -1 | 1): string | null | undefined {
  if (by < 0) return cards[place - 1]?.id;
  return place + 1 < cards.length ? (cards[place + 2]?.id ?? null) : undefined;
}
