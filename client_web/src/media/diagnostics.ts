/** `window.pleno`: read-only numbers for browser tests and for a technician at the console. */
import type { Path } from './path';
import type { PublisherView } from './publisher';
import type { Room } from './room.svelte';
import type { HallStats, SubscriberView } from './subscriber';

export interface Diagnostics {
  /** Frames decoded, picture size and bytes so far, by hall id. */
  stats(): Promise<Record<string, HallStats>>;
  /** Bytes and frames sent so far, by m-line. */
  sent(): Promise<Record<string, { kind: string; bytes: number; framesEncoded: number; width: number }>>;
  /** Whether what is received comes by a relay, and over what. */
  path(): Promise<Path | null>;
  readonly receiving: SubscriberView['health'];
  readonly sending: PublisherView['health'];
}

type Holder = { pleno?: Diagnostics };

/** Puts the diagnostics of a room on `holder` (the window); the returned function takes them away. */
export function expose(room: Room, holder: Holder = window as Holder): () => void {
  const diagnostics: Diagnostics = Object.freeze({
    stats: () => room.stats(),
    path: () => room.path(),
    async sent() {
      const sent: Record<string, { kind: string; bytes: number; framesEncoded: number; width: number }> = {};
      for (const row of ((await room.publisher.stats())?.values() ?? []) as Iterable<Record<string, unknown>>) {
        if (row['type'] !== 'outbound-rtp') continue;
        const number = (name: string): number => Number(row[name] ?? 0);
        sent[String(row['mid'])] = {
          kind: String(row['kind']),
          bytes: number('bytesSent'),
          framesEncoded: number('framesEncoded'),
          width: number('frameWidth'),
        };
      }
      return sent;
    },
    get receiving() {
      return room.receiving.health;
    },
    get sending() {
      return room.publisher.view.health;
    },
  });
  holder.pleno = diagnostics;
  return () => {
    if (holder.pleno === diagnostics) delete holder.pleno;
  };
}
