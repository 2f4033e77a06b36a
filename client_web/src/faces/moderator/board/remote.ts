/** What the board asks over HTTP beside the link: likenesses, whole proposals' photos. A network failure is a refusal `no_answer`. */
import { bearer, call, type Answer } from '../../../link/http';
import { newKey } from '../../../link/random';
import type { Store } from '../store';

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
  /** `survey`: the agency's, of what it found there. */
  kind?: string;
  /** The merged proposal it came with; null for the card's own. */
  of?: string | null;
}

export interface ProposalDocument {
  file: string;
  kind: string;
  pages: number;
  /** Bytes. */
  size: number;
  /** As a photo's. */
  of?: string | null;
}

export const photoUrl = (file: string): string => `/api/files/${encodeURIComponent(file)}`;
export const PHOTO_TYPES = ['image/jpeg', 'image/png', 'image/webp'];
export const PHOTO_MOST_BYTES = 8_000_000;
export const DOCUMENT_KINDS = ['proposal', 'cover_letter', 'cost_sheet'] as const;
export const DOCUMENT_MOST_BYTES = 5_000_000;

type Progress = (part: number) => void;

/** Hands a photo in; `kind`: `survey` of what an agency found. `key`: the same for every try of one intention. */
export function handInPhoto(store: Asker, proposal: string, photo: Blob, caption: string, onprogress: Progress, key: string = newKey(), kind = ''): Promise<Answer<Record<string, unknown>>> {
  const query = new URLSearchParams({ ...(caption === '' ? {} : { caption }), ...(kind === '' ? {} : { kind }) }).toString();
  return send(store, `proposals/${encodeURIComponent(proposal)}/photos${query === '' ? '' : `?${query}`}`, photo, onprogress, key);
}

/** Hands a PDF in, one of DOCUMENT_KINDS. */
export function handInDocument(store: Asker, proposal: string, kind: string, pdf: Blob, onprogress: Progress, key: string = newKey()): Promise<Answer<Record<string, unknown>>> {
  return send(store, `proposals/${encodeURIComponent(proposal)}/files?kind=${encodeURIComponent(kind)}`, pdf, onprogress, key);
}

/** A document is for few, so it is fetched with the credential and handed to the browser's downloads. */
export async function saveDocument(store: Asker, of: ProposalDocument, name: string): Promise<Answer<null>> {
  if (store.credential === null) return { ok: false, code: 'no_pass', data: {} };
  let body: Blob;
  try {
    const response = await fetch(photoUrl(of.file), bearer(store.credential));
    if (!response.ok) {
      const { code, ...data } = (await response.json()) as { code?: string };
      return { ok: false, code: code ?? 'unknown', data };
    }
    body = await response.blob();
  } catch {
    return SILENCE;
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(body);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return { ok: true, body: null };
}

/** `onprogress` hears the part sent, 0–1. */
function send(store: Asker, path: string, file: Blob, onprogress: Progress, key: string): Promise<Answer<Record<string, unknown>>> {
  const { identity, credential } = store;
  if (!identity || credential === null) return Promise.resolve({ ok: false, code: 'no_pass', data: {} });
  return new Promise((settle) => {
    const request = new XMLHttpRequest(); // fetch tells nothing of what was sent so far
    request.open('POST', `/api/sessions/${encodeURIComponent(identity.session)}/${path}`);
    request.setRequestHeader('authorization', `Bearer ${credential}`);
    request.setRequestHeader('idempotency-key', key);
    request.setRequestHeader('content-type', file.type || 'application/octet-stream');
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
    request.send(file);
  });
}
