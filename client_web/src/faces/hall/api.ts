/** The HTTP calls of the hall: who was invited, a card before the camera, slides. null = nobody answered. */
import { bearer, call, type Answer } from '../../link/http';
import type { DoorPerson } from '../../wire/protocol';
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

/** The secret of a card as it was scanned (an address), typed or pasted; null when there is none in it. */
export function tokenOf(card: string): string | null {
  const text = card.trim();
  const token = text.includes('#') ? text.slice(text.lastIndexOf('#') + 1) : text;
  return /^[A-Za-z0-9_-]{16,200}$/.test(token) ? token : null;
}
