/** The rundown as its column shows it: when each item began or is expected, and what comes next. Times in ms. */
import { drift, endsAt, freeAt, placeOf } from '../../../state/times';
import type { Entity } from '../../../wire/protocol';

type Item = Entity<'agenda'>;

export interface Timed {
  item: Item;
  /** Begun at, or expected to begin; null when nobody can know (before opening, or skipped). */
  at: number | null;
}

export interface Rundown {
  items: Timed[];
  current: Item | null;
  /** What "Lanjut" leads to; null when the current item is the last. */
  next: Item | null;
  previous: Item | null;
  /** Expected end of the whole agenda; null before opening. */
  endsAt: number | null;
  /** Expected end minus planned end: positive = late. */
  drift: number;
}

export function rundown(agenda: readonly Item[], openedAt: number | null, now: number, closedAt: number | null = null): Rundown {
  const items = [...agenda].sort((a, b) => a.order - b.order);
  const place = placeOf(items);
  let at = freeAt(items, now);
  const timed = items.map((item, i): Timed => {
    if (item.state !== 'todo') return { item, at: item.started_at };
    if (openedAt === null || i < place) return { item, at: null };
    const begins = at;
    at += item.minutes * 60_000;
    return { item, at: begins };
  });
  return {
    items: timed,
    current: items.find((item) => item.state === 'now') ?? null,
    next: items[place + 1] ?? null,
    previous: items[place - 1] ?? null,
    endsAt: openedAt === null ? null : endsAt(items, closedAt, now),
    drift: openedAt === null ? 0 : drift(items, openedAt, closedAt, now),
  };
}
