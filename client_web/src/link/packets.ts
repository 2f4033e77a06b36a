/** The packets of Engine.IO 4 and Socket.IO 5 that Pleno speaks: text only, one namespace, acknowledgements by number. */

import type { PageKind } from '../wire/protocol';

export type Packet =
  | { type: 'open'; silenceMs: number }
  | { type: 'ping' }
  | { type: 'joined' }
  | { type: 'refused'; code: string }
  | { type: 'event'; name: string; payload: unknown }
  | { type: 'ack'; id: number; answer: unknown }
  | { type: 'left' };

export const PONG = '3';
/** `session`: a group of the plenary, when not the session of the card itself. `page`: what a hall's page is. */
export const joining = (credential: string, session?: string, page?: PageKind): string => `40${JSON.stringify({ credential, session, page })}`;
export const leaving = '41';
export const request = (id: number, event: string, payload: unknown): string => `42${id}${JSON.stringify([event, payload])}`;

/** Null for what is not for us (upgrades, binary, other namespaces) or cannot be read. */
export function parse(text: string): Packet | null {
  try {
    return text[0] === '4' ? message(text) : engine(text);
  } catch {
    return null;
  }
}

function engine(text: string): Packet | null {
  if (text[0] === '2') return { type: 'ping' };
  if (text[0] === '1') return { type: 'left' };
  if (text[0] !== '0') return null;
  const { pingInterval, pingTimeout } = JSON.parse(text.slice(1)) as { pingInterval: number; pingTimeout: number };
  return { type: 'open', silenceMs: pingInterval + pingTimeout };
}

function message(text: string): Packet | null {
  const body = /^(\d*)(.*)$/s.exec(text.slice(2));
  const id = body?.[1] ?? '';
  const rest = body?.[2] ?? '';
  switch (text[1]) {
    case '0':
      return { type: 'joined' };
    case '1':
      return { type: 'left' };
    case '2': {
      const [name, payload] = JSON.parse(rest) as [string, unknown];
      return { type: 'event', name, payload };
    }
    case '3':
      return { type: 'ack', id: Number(id), answer: (JSON.parse(rest) as unknown[])[0] };
    case '4':
      return { type: 'refused', code: String((JSON.parse(rest) as { message?: unknown }).message) };
    default:
      return null;
  }
}
