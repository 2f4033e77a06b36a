/** The agenda as a room reads it from afar: a few items around the one that is now. */
import { freeAt, placeOf } from '../../state/times';
import type { Entity } from '../../wire/protocol';

type Item = Entity<'agenda'>;

export interface Line {
  item: Item;
  /** Begun at, or expected to begin; null when nobody can know (before opening, or skipped). Server ms. */
  at: number | null;
}

export interface Part {
  lines: Line[];
  /** How many items stand before and after those shown. */
  before: number;
  after: number;
}

const BEFORE = 2;

/** At most `most` lines: what is now with up to two before it, and what follows. `items` in their order. */
export function around(items: readonly Item[], opened: number | null, now: number, most: number): Part {
  const place = placeOf(items);
  let at = freeAt(items, now);
  const lines = items.map((item, i): Line => {
    if (item.state !== 'todo') return { item, at: item.started_at };
    if (opened === null || i < place) return { item, at: null };
    const begins = at;
    at += item.minutes * 60_000;
    return { item, at: begins };
  });
  const before = Math.max(0, Math.min(place - BEFORE, items.length - most));
  const shown = lines.slice(before, before + most);
  return { lines: shown, before, after: items.length - before - shown.length };
}
