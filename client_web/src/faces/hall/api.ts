/** The HTTP calls of the hall: who was invited, a card before the camera, slides. null = nobody answered. */
import { bearer, call, type Answer } from '../../link/http';
import type { DoorPerson, Exchange } from '../../wire/protocol';
import type { Store } from './store';

export interface Found {
  people: DoorPerson[];
  /** There are more than the server lists at once. */
  more: boolean;
}

export type Admitted = DoorPerson & { already: boolean };

const path = (store: Store, rest: string): string => `/api/sessions/${encodeURIComponent(store.identity?.session ?? '')}/${rest}`;

export const findPeople = (store: Store, q: string): Promise<Answer<Found> | null> =>
  call(path(store, `people?q=${encodeURIComponent(q)}`), bearer(store.credential ?? ''));

/** A participant's card at the door: checks its seat in and logs nobody in. */
export const presentAtDoor = (store: Store, token: string): Promise<Answer<Admitted> | null> =>
  call(path(store, 'door'), {
    method: 'POST',
    headers: { ...bearer(store.credential ?? '').headers, 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });

/** A participant's card at the kiosk: what comes back is good for a vote at this hall's page and for nothing else. */
export const showAtKiosk = (store: Store, token: string): Promise<Answer<Exchange> | null> =>
  call(path(store, 'kiosk'), {
    method: 'POST',
    headers: { ...bearer(store.credential ?? '').headers, 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });

/** The secret of a card as it was scanned (an address), typed or pasted; null when there is none in it. */
export function tokenOf(card: string): string | null {
  const text = card.trim();
  const token = text.includes('#') ? text.slice(text.lastIndexOf('#') + 1) : text;
  return /^[A-Za-z0-9_-]{16,200}$/.test(token) ? token : null;
}

export interface Upload {
  done: Promise<Answer<{ deck: string; pages: number }> | null>;
  cancel: () => void;
}

/** A PDF becomes a deck of this hall. `progress`: 0–1 of what has left; 1 while the server draws the pages. Cancelled = null. */
export function uploadDeck(store: Store, file: File, title: string, progress: (share: number) => void): Upload {
  const request = new XMLHttpRequest();
  const done = new Promise<Answer<{ deck: string; pages: number }> | null>((resolve) => {
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0);
    request.onload = () => resolve(answerOf(request.status, request.responseText));
    request.onerror = request.onabort = request.ontimeout = () => resolve(null);
    request.open('POST', path(store, `decks?title=${encodeURIComponent(title)}`));
    request.setRequestHeader('authorization', `Bearer ${store.credential ?? ''}`);
    request.setRequestHeader('content-type', 'application/pdf');
    request.send(file);
  });
  return { done, cancel: () => request.abort() };
}

function answerOf(status: number, text: string): Answer<{ deck: string; pages: number }> | null {
  if (status >= 502 && status <= 504) return null;
  try {
    const body = JSON.parse(text) as Record<string, unknown>;
    if (status < 300) return { ok: true, body: body as { deck: string; pages: number } };
    const { code, title: _title, detail: _detail, ...data } = body;
    return { ok: false, code: String(code ?? 'unknown'), data };
  } catch {
    return { ok: false, code: status === 413 ? 'too_large' : 'unknown', data: {} };
  }
}

export const pageUrl = (store: Store, deck: string, page: number): string => path(store, `decks/${deck}/${page}`);
