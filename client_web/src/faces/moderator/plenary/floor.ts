/** The floor as its panel needs it: the order in force, what kind a request is, what the rules say. */
import type { QueueEntry } from '../../../components/Queue.svelte';
import type { FloorFields, RequestKind, Speaker } from '../../../wire/protocol';
import type { Store } from '../store';
import { p } from './text';

/** The waiting speakers in the order in force: the fair one while there is one, else the queue's own. */
export function inOrder(floor: FloorFields | undefined): Speaker[] {
  const queue = floor?.queue ?? [];
  const order = floor?.order;
  if (!order) return queue;
  const place = new Map(order.map((request, index) => [request, index]));
  return [...queue].sort((a, b) => (place.get(a.request) ?? queue.length) - (place.get(b.request) ?? queue.length));
}

const BADGES = {
  point_of_order: { tone: 'warn', icon: 'bell' },
  for: { tone: 'ok', icon: 'plus' },
  against: { tone: 'bad', icon: 'minus' },
  answer: { tone: 'info', icon: 'undo-2' },
} as const satisfies Record<Exclude<RequestKind, 'ordinary'>, object>;

/** The word for a request that is not an ordinary one. */
export function badgeOf(kind: RequestKind | undefined): QueueEntry['badge'] {
  return kind === undefined || kind === 'ordinary' ? undefined : { text: p(`kind.${kind}`), ...BADGES[kind] };
}

/** A whole number the rules set in a section, or undefined while the rules are not here. */
export function rule(store: Store, section: string, field: string): number | undefined {
  const values = store.get('rules', 'rules')?.[section];
  const value = typeof values === 'object' ? values[field] : undefined;
  return typeof value === 'number' ? value : undefined;
}

/** What is left of a turn at `now` (ms), null without end; a clock that stands keeps what was left. */
export function leftOf(holder: NonNullable<FloorFields['holder']>, now: number): number | null {
  if (holder.paused) return holder.remaining ?? null;
  return holder.until === null ? null : holder.until - now;
}

/** For how long the turn has been spoken at `now` (ms), pauses left out. */
export function spokenOf(holder: NonNullable<FloorFields['holder']>, now: number): number {
  if (holder.spoken_ms === undefined) return holder.since === null ? 0 : Math.max(0, now - holder.since);
  return holder.spoken_ms + (holder.running_since == null ? 0 : Math.max(0, now - holder.running_since));
}
