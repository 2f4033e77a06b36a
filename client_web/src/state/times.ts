/** The agenda's times, by the formulas of docs/protocol.md §5 "The agenda". All in ms. */
import type { AgendaFields, Entity } from '../wire/protocol';

/** How long an item has taken so far; the clock stands in a recess. */
export const realTime = (item: AgendaFields, now: number): number => item.spent_ms + (item.since === null ? 0 : Math.max(0, now - item.since));

/** When each item was to begin. `items` in their order. */
export function plannedStart(items: readonly Entity<'agenda'>[], opened: number): Map<string, number> {
  const starts = new Map<string, number>();
  let at = opened;
  for (const item of items) {
    starts.set(item.id, at);
    at += item.minutes * 60_000;
  }
  return starts;
}

/** Where the session stands: the place of the item that is now, else of the one that ended last; -1 before the first. */
export function placeOf(items: readonly AgendaFields[]): number {
  let place = items.findIndex((item) => item.state === 'now');
  if (place >= 0) return place;
  let last = -1;
  items.forEach((item, index) => {
    if (item.ended_at !== null && item.ended_at > last) [last, place] = [item.ended_at, index];
  });
  return place;
}

/** When the item that is now will have used its minutes; `now` itself between two items. */
export function freeAt(items: readonly AgendaFields[], now: number): number {
  const item = items.find((one) => one.state === 'now');
  return now + (item ? Math.max(0, item.minutes * 60_000 - realTime(item, now)) : 0);
}

/** When the session ends, as things stand. `items` in their order. */
export function endsAt(items: readonly AgendaFields[], closed: number | null, now: number): number {
  if (closed !== null) return closed;
  const ahead = items.slice(placeOf(items) + 1).reduce((sum, one) => sum + (one.state === 'todo' ? one.minutes * 60_000 : 0), 0);
  return freeAt(items, now) + ahead;
}

/** How much later than planned the session ends; negative = earlier. */
export function drift(items: readonly AgendaFields[], opened: number, closed: number | null, now: number): number {
  const planned = items.reduce((sum, item) => sum + item.minutes * 60_000, 0);
  return endsAt(items, closed, now) - opened - planned;
}
