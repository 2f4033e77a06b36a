/** The public view of one session: read over HTTP every few seconds, no socket, no credential. */
import { ServerClock } from '../../link/clock';
import { backoffMs } from '../../link/backoff';
import { fetchPublicSnapshot } from '../../link/http';
import { ordered } from '../../state/order';
import { Replica } from '../../state/replica';
import type { Entity, Kind } from '../../wire/protocol';

export const EVERY_MS = 4000;

export class PublicLive {
  readonly session: string;
  readonly #replica = new Replica();
  readonly #clock = new ServerClock();
  #version = $state(0);
  #tick = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #second: ReturnType<typeof setInterval> | undefined;
  #failures = 0;
  /** Server ms of the last good answer; null before the first. */
  updatedAt = $state.raw<number | null>(null);
  /** The last try failed: what is shown is old. */
  cut = $state(false);
  refusal = $state.raw<{ code: string; data: Record<string, unknown> } | null>(null);

  constructor(session: string) {
    this.session = session;
  }

  start(): () => void {
    this.#second = setInterval(() => (this.#tick += 1), 1000);
    void this.#read();
    return () => {
      clearTimeout(this.#timer);
      clearInterval(this.#second);
    };
  }

  list<K extends Kind>(kind: K): Entity<K>[] {
    void this.#version;
    return ordered(kind, this.#replica.table(kind).values());
  }

  get<K extends Kind>(kind: K, id: string): Entity<K> | undefined {
    void this.#version;
    return this.#replica.table(kind).get(id);
  }

  now(): number {
    void this.#tick;
    return this.#clock.now();
  }

  async #read(): Promise<void> {
    const sentAt = this.#clock.local();
    const answer = document.visibilityState === 'hidden' && this.updatedAt !== null ? undefined : await fetchPublicSnapshot(this.session);
    if (answer?.ok) {
      this.#failures = 0;
      this.cut = false;
      this.refusal = null;
      this.updatedAt = answer.body.server_now;
      this.#clock.learn(answer.body.server_now, sentAt);
      if (answer.body.upto !== this.#replica.last) {
        this.#replica.replace(answer.body);
        this.#version += 1;
      }
    } else if (answer === null) {
      this.#failures += 1;
      this.cut = true;
    } else if (answer) {
      this.refusal = { code: answer.code, data: answer.data };
      if (answer.code === 'unknown_session') return;
      this.#failures += 1;
    }
    const wait = this.#failures > 0 ? backoffMs(this.#failures, Math.random()) : EVERY_MS * (0.75 + Math.random() / 2);
    this.#timer = setTimeout(() => void this.#read(), wait);
  }
}
