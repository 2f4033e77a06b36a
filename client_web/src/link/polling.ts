/** The same port over long polling, for networks that let no WebSocket through: the stock client, fetched only then. */
import { io } from 'socket.io-client';
import type { Ack } from '../wire/protocol';
import type { MakeWire } from './wire';

const EVENTS = ['frame', 'me', 'turnout', 'presence', 'media', 'notice', 'bye'] as const;
const CODE = /^[a-z_]{3,40}$/;

export const pollingWire: MakeWire = (credential, listener, session, page) => {
  const socket = io({
    auth: { credential, session, page },
    autoConnect: false,
    forceNew: true,
    reconnection: false,
    timeout: 10_000,
    transports: ['polling', 'websocket'],
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
