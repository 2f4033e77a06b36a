/** Sends each parcel until it is answered: the same key over cuts, time-outs and reloads, in order within its lane. */
import type { Ack } from '../wire/protocol';
import { backoffMs } from './backoff';
import type { Parcel, Shelf } from './shelf';

export type Outcome = { ok: true; ack: Record<string, unknown> } | { ok: false; code: string; data: Record<string, unknown> };

/** A parcel with what the person may be told about it. */
export interface Waiting extends Parcel {
  /** How often it has left a page, those before a reload counted as one; 0 = never, so it can still be taken back. */
  tries: number;
  /** Had to wait: made while cut off, or its answer did not come. */
  waited: boolean;
  /** Kept over a reload. */
  durable: boolean;
  /** Local ms after which it is given up as `no_answer`; null = never. */
  deadline: number | null;
}

export interface OutboxParts {
  /** Resolves once it is known which. */
  shelf(): Promise<Shelf>;
  request(event: string, payload: unknown, timeoutMs: number): Promise<Ack | null>;
  live(): boolean;
  /** Whether it belongs where the page is now; others wait until it is back there. */
  ours?(parcel: Waiting): boolean;
  /** Whether the person was told that everything is held: then nothing is given up. */
  holding?(): boolean;
  /** Two unanswered requests on an open connection: it is not really open. */
  deaf(): void;
  changed(waiting: readonly Waiting[]): void;
  settled(parcel: Waiting, outcome: Outcome): void | Promise<void>;
  dice?: () => number;
}

/** The server asks to keep and repeat the same key. */
const AGAIN = new Set(['held', 'rate_limited', 'internal']);
/** The rules have not spoken, so a vote is kept: another node may take it, and it may be in the box already. */
const VOTE_AGAIN = new Set([...AGAIN, 'session_broken']);
/** `internal` may be a lasting fault: after so many tries of a command the person is told. */
const INTERNAL_TRIES = 3;
export const ACK_MS = 8_000;
/** Once storage is back: how long what was held gets before it is given up after all. */
const AFTERWARDS_MS = 5_000;
const CANCELLED = { ok: false as const, code: 'cancelled', data: {} };

type Lane = 'command' | 'vote';

export class Outbox {
  readonly #parts: OutboxParts;
  #waiting: Waiting[] = [];
  #waiters = new Map<string, (outcome: Outcome) => void>();
  #running: Record<Lane, boolean> = { command: false, vote: false };
  /** What was put on the shelf, or taken from it, by this page: it is here, or answered. */
  readonly #known = new Set<string>();
  /** Lanes that wait before the next try. */
  readonly #asleep = new Set<() => void>();

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  get waiting(): readonly Waiting[] {
    return this.#waiting;
  }

  /** Puts back what an earlier page of this owner left unanswered. The disk may take its time, and be asked twice. */
  async restore(owner: string): Promise<void> {
    const kept = (await (await this.#parts.shelf()).parcels(owner)).filter(({ key }) => !this.#known.has(key));
    for (const { key } of kept) this.#known.add(key);
    kept.sort((a, b) => a.at - b.at);
    const back = kept.map((parcel): Waiting => ({ ...parcel, tries: parcel.unsent ? 0 : 1, waited: true, durable: true, deadline: null }));
    this.#waiting = [...back, ...this.#waiting];
    this.#changed();
    this.flush();
  }

  /** Resolves with the server's word on it. The parcel is on the shelf before it leaves. */
  async send(parcel: Parcel, durable: boolean, deadline: number | null = null): Promise<Outcome> {
    const waited = !this.#parts.live();
    const kept = { ...parcel, unsent: durable && waited };
    const waiting: Waiting = { ...kept, tries: 0, waited, durable, deadline };
    const answered = new Promise<Outcome>((resolve) => this.#waiters.set(parcel.key, resolve));
    if (durable) {
      this.#known.add(parcel.key);
      await (await this.#parts.shelf()).put(kept);
    }
    this.#waiting = [...this.#waiting, waiting];
    this.#changed();
    if (deadline !== null) setTimeout(() => void this.#giveUp(parcel.key), Math.max(0, deadline - Date.now()));
    this.flush();
    return answered;
  }

  /** Takes back a parcel that has never left; false when it is too late for that. */
  async cancel(key: string): Promise<boolean> {
    const parcel = this.#waiting.find((one) => one.key === key);
    if (!parcel || parcel.tries > 0) return false;
    await this.#settle(parcel, CANCELLED);
    return true;
  }

  flush(): void {
    void this.#run('command');
    void this.#run('vote');
  }

  /** What kept the server from answering is over: try again now. */
  hurry(): void {
    for (const wake of this.#asleep) wake();
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#asleep.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#asleep.add(wake);
    });
  }

  async #run(lane: Lane): Promise<void> {
    if (this.#running[lane]) return;
    this.#running[lane] = true;
    try {
      for (let quiet = 0; this.#parts.live(); ) {
        const parcel = this.#waiting.find((one) => one.event === lane && (this.#parts.ours?.(one) ?? true));
        if (!parcel) break;
        const ack = await this.#attempt(parcel);
        if (!this.#waiting.includes(parcel)) continue;
        const wait = this.#verdict(parcel, ack);
        if (wait === null) {
          quiet = 0;
          await this.#settle(parcel, outcomeOf(ack as Ack));
          continue;
        }
        parcel.waited = true;
        if (ack === null && this.#parts.live()) {
          quiet += 1;
          if (quiet > 1) this.#parts.deaf();
        }
        if (this.#parts.live()) await this.#pause(wait);
      }
    } finally {
      this.#running[lane] = false;
    }
  }

  /** That it leaves is noted before it does. Taken back on another page of this phone, it does not. */
  async #attempt(parcel: Waiting): Promise<Ack | null> {
    parcel.tries += 1;
    this.#changed();
    if (parcel.unsent) {
      parcel.unsent = false;
      if (!(await (await this.#parts.shelf()).leave(parcel.key))) return CANCELLED;
    }
    return this.#parts.request(parcel.event, parcel.payload, ACK_MS);
  }

  /** Milliseconds to wait before the same key goes again, or null when the answer is final. */
  #verdict(parcel: Waiting, ack: Ack | null): number | null {
    const spread = backoffMs(Math.min(parcel.tries - 1, 4), (this.#parts.dice ?? Math.random)());
    if (ack === null) return spread;
    const vote = parcel.event === 'vote';
    if (ack.ok || !(vote ? VOTE_AGAIN : AGAIN).has(ack.code)) return null;
    if (ack.code === 'internal' && !vote && parcel.tries >= INTERNAL_TRIES) return null;
    const asked = ack.data?.['retry_after_ms'];
    return typeof asked === 'number' ? asked + spread / 4 : spread;
  }

  async #giveUp(key: string): Promise<void> {
    const parcel = this.#waiting.find((one) => one.key === key);
    if (!parcel) return;
    if (this.#parts.holding?.()) return void setTimeout(() => void this.#giveUp(key), AFTERWARDS_MS);
    await this.#settle(parcel, { ok: false, code: 'no_answer', data: {} });
  }

  /** What follows from the answer is kept first; only then is the parcel forgotten. */
  async #settle(parcel: Waiting, outcome: Outcome): Promise<void> {
    this.#waiting = this.#waiting.filter((one) => one !== parcel);
    await this.#parts.settled(parcel, outcome);
    if (parcel.durable) await (await this.#parts.shelf()).remove(parcel.key);
    this.#changed();
    this.#waiters.get(parcel.key)?.(outcome);
    this.#waiters.delete(parcel.key);
  }

  #changed(): void {
    this.#parts.changed(this.#waiting);
  }
}

function outcomeOf(ack: Ack): Outcome {
  if (!ack.ok) return { ok: false, code: ack.code, data: ack.data ?? {} };
  const { ok: _ok, ...rest } = ack;
  return { ok: true, ack: rest };
}
