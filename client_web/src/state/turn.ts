/** The turn of whoever holds the floor, as every face counts it: a pause stops the clock and says why. */
import type { FloorFields } from '../wire/protocol';

export interface Turn {
  /** Ms; null without an end, negative once over. */
  left: number | null;
  /** Ms spoken so far, pauses left out. */
  spent: number;
  /** Ms granted in all; null without an end. */
  total: number | null;
  paused: '' | 'chair' | 'outage' | 'recess';
  /** The end is near enough to warn; not once over, not while paused. */
  warn: boolean;
}

/** Null while nobody holds the floor. `now` in server ms. */
export function turnOf(floor: FloorFields | undefined, now: number): Turn | null {
  const holder = floor?.holder;
  if (!holder) return null;
  const paused = holder.paused ?? '';
  const left = paused ? (holder.remaining ?? null) : holder.until === null ? null : holder.until - now;
  const since = holder.running_since === undefined ? holder.since : holder.running_since;
  const spent = (holder.spoken_ms ?? 0) + (since === null || paused ? 0 : Math.max(0, now - since));
  const warn = !paused && left !== null && left > 0 && left <= (floor.warn_s ?? 0) * 1000;
  return { left, spent, total: left === null ? null : spent + left, paused, warn };
}
