/** By what the rows of the table may stand, and the place each proposal then has. */
import { CHOICES } from './edit';
import { COLUMNS, type Proposal } from './search';
import { COLUMN_OF } from '../../../wire/protocol';

export const SORTS = ['title', 'status', 'urgency', 'land', 'households', 'amount'] as const;
export type SortKey = (typeof SORTS)[number];
export interface Sort {
  key: SortKey;
  /** The largest, the most urgent, the last letter first. */
  down: boolean;
}

/** A first press shows what people look for: the dearest and the most urgent, but words from A. */
const DOWN_FIRST: ReadonlySet<SortKey> = new Set(['urgency', 'households', 'amount']);
const LANDS = CHOICES.land ?? [];
const URGENCIES = CHOICES.urgency ?? [];

/** What a press on the head of a column leads to: its first direction, the other one, and the board's own order again. */
export function pressed(now: Sort | null, key: SortKey): Sort | null {
  const first = DOWN_FIRST.has(key);
  if (now?.key !== key) return { key, down: first };
  return now.down === first ? { key, down: !first } : null;
}

/** Null for what is not filled in: it stands last, whichever way the rest runs. */
function figure(card: Proposal, key: Exclude<SortKey, 'title'>): number | null {
  if (key === 'amount') return card.amount;
  if (key === 'households') return card.households;
  if (key === 'status') {
    const column = COLUMN_OF[card.status];
    return column ? COLUMNS.indexOf(column) : null;
  }
  const value = card[key];
  return value ? (key === 'urgency' ? URGENCIES : LANDS).indexOf(value) : null;
}

/** Proposal → place from 0. What is equal stays in the order of `proposals`. */
export function byKey(proposals: readonly Proposal[], { key, down }: Sort, hallName: (id: string) => string): Map<string, number> {
  const sign = down ? -1 : 1;
  const words = new Intl.Collator('id', { numeric: true });
  const text = (card: Proposal): string => `${card.title} ${hallName(card.hall)}`;
  const order =
    key === 'title'
      ? proposals.map((card) => ({ id: card.id, text: text(card) })).sort((a, b) => sign * words.compare(a.text, b.text))
      : proposals
          .map((card) => ({ id: card.id, value: figure(card, key) }))
          .sort((a, b) => (a.value === null || b.value === null ? Number(a.value === null) - Number(b.value === null) : sign * (a.value - b.value)));
  return new Map(order.map(({ id }, place) => [id, place]));
}
