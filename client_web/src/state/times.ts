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

/** How much later than planned the session ends; negative = earlier. */
export function drift(items: readonly Entity<'agenda'>[], opened: number, closed: number | null, now: number): number {
  const planned = items.reduce((sum, item) => sum + item.minutes * 60_000, 0);
  if (closed !== null) return closed - opened - planned;
  const current = items.findIndex((item) => item.state === 'now');
  const item = items[current];
  let from = current;
  if (!item) {
    let last = -1;
    items.forEach((one, index) => {
      if (one.ended_at !== null && one.ended_at > last) [last, from] = [one.ended_at, index];
    });
  }
  const rest = item ? Math.max(0, item.minutes * 60_000 - realTime(item, now)) : 0;
  const ahead = items.slice(from + 1).reduce((sum, one) => sum + (one.state === 'todo' ? one.minutes * 60_000 : 0), 0);
  return now + rest + ahead - opened - planned;
}
