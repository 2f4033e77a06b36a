/** A second connection of a page, into a session beside its own. Nothing is synced over it: it carries media signaling alone. */
import type { Ack, MediaEvent, MediaMethod } from '../wire/protocol';
import { backoffMs } from './backoff';
import { pageWire } from './choose';
import { ANSWER_MS } from './link';
import type { MakeWire, Wire } from './wire';

/** `lost`: it is not there now and tries again by itself, until closed. */
export type SideState = 'joining' | 'live' | 'lost';

export interface SideParts {
  credential: string;
  session: string;
  changed: (state: SideState) => void;
  makeWire?: MakeWire;
  dice?: () => number;
}

export class SideLine {
  readonly #parts: SideParts;
  readonly #listeners = new Set<(event: MediaEvent) => void>();
  #wire: Wire | null = null;
  #live = false;
  #attempt = 0;
  /** Grows with every connection: what an older one says is nobody's business any more. */
  #connection = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: SideParts) {
    this.#parts = parts;
  }

  open(): void {
    const { credential, session, makeWire = pageWire, changed } = this.#parts;
    const mine = ++this.#connection;
    const current = (): boolean => mine === this.#connection;
    const lost = (): void => void (current() && this.#lost());
    const listener = {
      up: () => {
        if (!current()) return;
        this.#attempt = 0;
        this.#live = true;
        changed('live');
      },
      down: lost,
      failed: lost, // refused too: the opening may be shown here again at any time
      message: (event: string, payload: unknown) => {
        if (!current() || event !== 'media') return;
        for (const hear of this.#listeners) hear(payload as MediaEvent);
      },
    };
    if (this.#attempt === 0) changed('joining');
    this.#wire = makeWire(credential, listener, session);
    this.#wire.open();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#connection += 1;
    this.#live = false;
    this.#wire?.close();
    this.#wire = null;
  }

  async media(method: MediaMethod, payload: Record<string, unknown>): Promise<Ack> {
    const ack = this.#live ? await this.#wire?.request('media', { method, ...payload }, ANSWER_MS) : null;
    return ack ?? { ok: false, code: 'no_answer', data: {} };
  }

  onMedia(listener: (event: MediaEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #lost(): void {
    this.close();
    this.#parts.changed('lost');
    this.#timer = setTimeout(() => this.open(), backoffMs(this.#attempt, (this.#parts.dice ?? Math.random)()));
    this.#attempt += 1;
  }
}
