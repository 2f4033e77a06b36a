/** The rundown as times: when each item began or is expected, and how late the session is. Times in ms, spans in ms. */
import type { Entity } from '../../../wire/protocol';

type Item = Entity<'agenda'>;
const MINUTE = 60_000;

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

/** For how long an item has been treated, all its turns together, without recesses. */
export function real(item: Item, now: number): number {
  return item.spent_ms + (item.since === null ? 0 : Math.max(0, now - item.since));
}

export function rundown(agenda: readonly Item[], openedAt: number | null, now: number): Rundown {
  const items = [...agenda].sort((a, b) => a.order - b.order);
  const place = items.findIndex((item) => item.state === 'now');
  const current = items[place] ?? null;
  const lastDone = items.findLastIndex((item) => item.state === 'done');
  const from = place >= 0 ? place : lastDone;
  let at = current ? now + Math.max(0, current.minutes * MINUTE - real(current, now)) : now;
  const timed = items.map((item, i): Timed => {
    if (item.state !== 'todo') return { item, at: item.started_at };
    if (openedAt === null || i < from) return { item, at: null };
    const begins = at;
    at += item.minutes * MINUTE;
    return { item, at: begins };
  });
  const planned = items.reduce((sum, item) => sum + item.minutes, 0) * MINUTE;
  return {
    items: timed,
    current,
    next: items[from + 1] ?? null,
    previous: items[from - 1] ?? null,
    endsAt: openedAt === null ? null : at,
    drift: openedAt === null ? 0 : at - (openedAt + planned),
  };
}

/** When each item was to begin by the plan: the opening and the minutes of all items before it; null before the opening. */
export function planned(items: readonly Item[], openedAt: number | null): (number | null)[] {
  let at = openedAt ?? 0;
  return items.map((item) => {
    const begins = at;
    at += item.minutes * MINUTE;
    return openedAt === null ? null : begins;
  });
}
