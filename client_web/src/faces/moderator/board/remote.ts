/** What the board asks over HTTP beside the link: likenesses, whole proposals' photos. A network failure is a refusal `no_answer`. */
import { bearer, call, type Answer } from '../../../link/http';
import { newKey } from '../../../link/random';
import type { Store } from '../store';

export type LikeReason = 'same_words' | 'near' | 'same_rw' | 'same_street' | 'earlier_year' | 'council';

export interface Likeness {
  proposal: string;
  /** 0–1. */
  score: number;
  words: number;
  metres: number | null;
  reasons: string[];
}

export interface Pair {
  proposal: string;
  similar: Likeness;
}

type Asker = Pick<Store, 'identity' | 'credential'>;
const SILENCE = { ok: false, code: 'no_answer', data: {} } as const;

async function ask<T>(store: Asker, path: string): Promise<Answer<T>> {
  if (!store.identity || store.credential === null) return { ok: false, code: 'no_pass', data: {} };
  return (await call<T>(`/api/sessions/${encodeURIComponent(store.identity.session)}/${path}`, bearer(store.credential))) ?? SILENCE;
}

export const likeOf = (store: Asker, proposal: string): Promise<Answer<{ similar: Likeness[] }>> =>
  ask(store, `proposals/${encodeURIComponent(proposal)}/similar`);

export const allPairs = (store: Asker): Promise<Answer<{ pairs: Pair[] }>> => ask(store, 'similar');

export interface Photo {
  file: string;
  width: number;
  height: number;
  caption: string;
}

export const photoUrl = (file: string): string => `/api/files/${encodeURIComponent(file)}`;
export const PHOTO_TYPES = ['image/jpeg', 'image/png', 'image/webp'];
export const PHOTO_MOST_BYTES = 8_000_000;

/** Hands a photo in; `onprogress` hears the part sent, 0–1. `key`: the same for every try of one intention. */
export function handInPhoto(
  store: Asker,
  proposal: string,
  photo: Blob,
  caption: string,
  onprogress: (part: number) => void,
  key: string = newKey(),
): Promise<Answer<Record<string, unknown>>> {
  const { identity, credential } = store;
  if (!identity || credential === null) return Promise.resolve({ ok: false, code: 'no_pass', data: {} });
  const query = caption === '' ? '' : `?caption=${encodeURIComponent(caption)}`;
  return new Promise((settle) => {
    const request = new XMLHttpRequest(); // fetch tells nothing of what was sent so far
    request.open('POST', `/api/sessions/${encodeURIComponent(identity.session)}/proposals/${encodeURIComponent(proposal)}/photos${query}`);
    request.setRequestHeader('authorization', `Bearer ${credential}`);
    request.setRequestHeader('idempotency-key', key);
    request.setRequestHeader('content-type', photo.type || 'application/octet-stream');
    request.upload.onprogress = (event) => event.lengthComputable && onprogress(event.loaded / event.total);
    request.onerror = () => settle(SILENCE);
    request.onload = () => {
      let body: Record<string, unknown> = {};
      try {
        body = JSON.parse(request.responseText) as Record<string, unknown>;
      } catch {
        // not JSON: a proxy answered
      }
      if (request.status >= 200 && request.status < 300) return settle({ ok: true, body });
      const { code, title: _title, detail: _detail, ...data } = body;
      settle({ ok: false, code: typeof code === 'string' ? code : request.status >= 502 ? 'no_answer' : 'unknown', data });
    };
    request.send(photo);
  });
}
