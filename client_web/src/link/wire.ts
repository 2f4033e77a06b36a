/** The live connection as the rest of the client sees it: a port, and one WebSocket behind it. */
import type { Ack, PageKind } from '../wire/protocol';
import { joining, leaving, parse, PONG, request, type Packet } from './packets';

export interface WireListener {
  up(): void;
  /** The connection was there and is gone. */
  down(): void;
  /** The connection could not be made: `code` of protocol §3, or null when nobody answered. */
  failed(code: string | null): void;
  message(event: string, payload: unknown): void;
}

export interface Wire {
  readonly connected: boolean;
  /** One try; it ends in `up` or `failed`. */
  open(): void;
  close(): void;
  /** The acknowledgement, or null when none came within `timeoutMs` or the connection fell. */
  request(event: string, payload: unknown, timeoutMs: number): Promise<Ack | null>;
}

/** `session`: a group of the plenary, when not the session of the card itself. `page`: what a hall's page is. */
export type MakeWire = (credential: string, listener: WireListener, session?: string, page?: PageKind) => Wire;

export const CONNECT_MS = 10_000;

const address = (): string =>
  `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}/socket.io/?EIO=4&transport=websocket`;

/** Reconnecting is the link's business: it must be able to say when it tries again. */
export const socketWire: MakeWire = (credential, listener, session, page) => new SocketWire(credential, listener, session, page);

class SocketWire implements Wire {
  readonly #credential: string;
  readonly #listener: WireListener;
  readonly #session: string | undefined;
  readonly #page: PageKind | undefined;
  #socket: WebSocket | null = null;
  #joined = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #silenceMs = CONNECT_MS;
  #asked = 0;
  #waiting = new Map<number, (answer: Ack | null) => void>();

  constructor(credential: string, listener: WireListener, session?: string, page?: PageKind) {
    this.#credential = credential;
    this.#session = session;
    this.#page = page;
    this.#listener = listener;
  }

  get connected(): boolean {
    return this.#joined;
  }

  open(): void {
    const socket = new WebSocket(address());
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const packet = typeof data === 'string' ? parse(data) : null;
      this.#listen(this.#silenceMs);
      if (packet) this.#take(packet);
    };
    socket.onclose = () => this.#fall(null);
    socket.onerror = () => this.#fall(null);
    this.#listen(CONNECT_MS);
  }

  close(): void {
    if (this.#joined) this.#send(leaving);
    this.#drop();
  }

  request(event: string, payload: unknown, timeoutMs: number): Promise<Ack | null> {
    if (!this.#joined) return Promise.resolve(null);
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((resolve) => {
      const done = (answer: Ack | null): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(answer);
      };
      const timer = setTimeout(() => done(null), timeoutMs);
      this.#waiting.set(id, done);
      this.#send(request(id, event, payload));
    });
  }

  #take(packet: Packet): void {
    switch (packet.type) {
      case 'open':
        this.#silenceMs = packet.silenceMs;
        this.#listen(this.#silenceMs);
        return this.#send(joining(this.#credential, this.#session, this.#page));
      case 'ping':
        return this.#send(PONG);
      case 'joined':
        this.#joined = true;
        return this.#listener.up();
      case 'refused':
        return this.#fall(packet.code);
      case 'left':
        return this.#fall(null);
      case 'event':
        return this.#listener.message(packet.name, packet.payload);
      case 'ack':
        return this.#waiting.get(packet.id)?.(packet.answer as Ack);
    }
  }

  /** The server pings; a connection silent for longer than it promised is dead, whatever the browser believes. */
  #listen(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#socket) this.#timer = setTimeout(() => this.#fall(null), ms);
  }

  #send(text: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  #fall(code: string | null): void {
    if (!this.#socket) return;
    const was = this.#joined;
    this.#drop();
    if (was) this.#listener.down();
    else this.#listener.failed(code);
  }

  #drop(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    this.#joined = false;
    if (socket) {
      socket.onmessage = socket.onclose = socket.onerror = null;
      socket.close();
    }
    for (const give of Array.from(this.#waiting.values())) give(null);
  }
}
