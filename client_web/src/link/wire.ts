/** The live connection as the rest of the client sees it: a port, and Socket.IO behind it. */
import { io } from 'socket.io-client';
import type { Ack } from '../wire/protocol';

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

export type MakeWire = (credential: string, listener: WireListener) => Wire;

const EVENTS = ['frame', 'me', 'turnout', 'presence', 'media', 'bye'] as const;
const CODE = /^[a-z_]{3,40}$/;

/** Reconnecting is the link's business, not the library's: it must be able to say when it tries again. */
export const socketWire: MakeWire = (credential, listener) => {
  const socket = io({
    auth: { credential },
    autoConnect: false,
    forceNew: true,
    reconnection: false,
    timeout: 10_000,
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
  });
  socket.on('connect', () => listener.up());
  socket.on('disconnect', () => listener.down());
  socket.on('connect_error', (error) => {
    listener.failed(CODE.test(error.message) && !socket.active ? error.message : null);
  });
  for (const event of EVENTS) socket.on(event, (payload: unknown) => listener.message(event, payload));

  return {
    get connected() {
      return socket.connected;
    },
    open: () => void socket.connect(),
    close: () => void socket.disconnect(),
    request: (event, payload, timeoutMs) =>
      new Promise((resolve) => {
        if (!socket.connected) return resolve(null);
        socket.timeout(timeoutMs).emit(event, payload, (error: Error | null, ack: Ack) => resolve(error ? null : ack));
      }),
  };
};
