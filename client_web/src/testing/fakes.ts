/** Hand-written stand-ins at the ports: a wire the test speaks through, and HTTP answers by path. */
import type { MakeWire, WireListener } from '../link/wire';
import type { Ack, Change, Identity, Me } from '../wire/protocol';

export interface Sent {
  event: string;
  payload: Record<string, unknown>;
  /** Answers this request; `null` = no answer came in time. */
  reply(ack: Ack | null): void;
}

/** One connection after another, as the server would see them. Requests wait until the test (or `auto`) answers. */
export class FakeServer {
  opened = 0;
  /** The session each connection asked for; undefined = that of the card. */
  asked: (string | undefined)[] = [];
  /** What each said its page was. */
  pages: (string | undefined)[] = [];
  sent: Sent[] = [];
  listener: WireListener | null = null;
  connected = false;
  /** What happens to a try to connect: accept, nobody there, or refused with a code. */
  door: 'open' | 'dead' | string = 'open';
  auto: ((event: string, payload: Record<string, unknown>) => Ack | null | undefined) | null = null;
  #pending = new Set<(ack: null) => void>();

  readonly makeWire: MakeWire = (_credential, listener, session, page) => {
    let mine = true;
    const server = this;
    return {
      get connected() {
        return mine && server.connected;
      },
      open: () => {
        server.opened += 1;
        server.asked.push(session);
        server.pages.push(page);
        queueMicrotask(() => {
          if (!mine) return;
          if (server.door === 'open') {
            server.listener = listener;
            server.connected = true;
            listener.up();
          } else listener.failed(server.door === 'dead' ? null : server.door);
        });
      },
      close: () => {
        mine = false;
        if (server.listener === listener) server.#fall();
      },
      request: (event, payload, timeoutMs) => (mine ? server.#take(event, payload, timeoutMs) : Promise.resolve(null)),
    };
  };

  say(event: string, payload: unknown): void {
    this.listener?.message(event, payload);
  }

  /** The network is cut: pending requests get no answer. */
  cut(): void {
    const listener = this.listener;
    this.#fall();
    listener?.down();
  }

  /** Requests of one kind, oldest first. */
  of(event: string): Sent[] {
    return this.sent.filter((one) => one.event === event);
  }

  #fall(): void {
    this.connected = false;
    this.listener = null;
    for (const give of Array.from(this.#pending)) give(null);
  }

  #take(event: string, payload: unknown, timeoutMs: number): Promise<Ack | null> {
    if (!this.connected) return Promise.resolve(null);
    return new Promise((resolve) => {
      const done = (ack: Ack | null): void => {
        clearTimeout(timer);
        this.#pending.delete(done);
        resolve(ack);
      };
      const timer = setTimeout(() => done(null), timeoutMs);
      this.#pending.add(done);
      const body = payload as Record<string, unknown>;
      this.sent.push({ event, payload: body, reply: done });
      const ack = this.auto?.(event, body);
      if (ack !== undefined) queueMicrotask(() => done(ack));
    });
  }
}

export const identity: Identity = {
  session: 's1',
  role: 'delegate',
  seat: 'seat-1',
  hall: 'pejuang',
  pass: 'pass-1',
  expires_at: 4_000_000_000_000,
};

export const me = (fields: Partial<Me> = {}): Me => ({
  seat: 'seat-1',
  hall: 'pejuang',
  role: 'delegate',
  office: 'Ketua RW 07',
  can_vote: true,
  voted: {},
  receipts: {},
  request: null,
  ...fields,
});

export const synced = (upto: number, extra: Record<string, unknown> = {}): Ack => ({
  ok: true,
  upto,
  server_now: Date.now(),
  me: me(),
  resync: false,
  ...extra,
});

type Reply = { status?: number; body: unknown } | 'dead';

/** A snapshot by columns, as plain as can be: a table for each change. */
const byColumns = (body: { changes: Change[] }): unknown => ({
  ...body,
  tables: body.changes.map(({ kind, id, fields }) => ({ kind, ids: [0, id], names: Object.keys(fields ?? {}), columns: Object.values(fields ?? {}).map((all) => ({ all })) })),
});

/** Replaces fetch; returns the calls made. A path without an answer is a network failure. */
export function fakeHttp(answers: Record<string, Reply | (() => Reply)>): { path: string; init: RequestInit }[] {
  const calls: { path: string; init: RequestInit }[] = [];
  globalThis.fetch = (async (path: string, init: RequestInit = {}) => {
    calls.push({ path, init });
    const columns = path.endsWith('?form=columns');
    const found = answers[path.split('?form')[0] as string];
    const reply = typeof found === 'function' ? found() : found;
    if (reply === undefined || reply === 'dead') throw new TypeError('network');
    const status = reply.status ?? 200;
    return { ok: status < 400, status, json: async () => (columns && status < 400 ? byColumns(reply.body as { changes: Change[] }) : reply.body) } as Response;
  }) as typeof fetch;
  return calls;
}
