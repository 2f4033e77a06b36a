/** The credential a face holds: won from the pass token after `#`, kept in this browser, never left in the address bar. */
import type { FaceName, Identity } from '../wire/protocol';

export interface Credential {
  credential: string;
  identity: Identity;
}

const name = (face: FaceName): string => `pleno.credential.${face}`;

/** The tab's own copy first: two tabs may hold two cards. Either store may be forbidden. */
function stores(): Storage[] {
  const found: Storage[] = [];
  for (const pick of [() => sessionStorage, () => localStorage]) {
    try {
      found.push(pick());
    } catch {
      // storage is switched off: the credential lives as long as the page
    }
  }
  return found;
}

export function loadCredential(face: FaceName): Credential | null {
  for (const store of stores()) {
    try {
      const value = JSON.parse(store.getItem(name(face)) ?? 'null') as Partial<Credential> | null;
      if (typeof value?.credential === 'string' && value.identity) return value as Credential;
    } catch {
      // damaged: as if absent
    }
  }
  return null;
}

export function saveCredential(face: FaceName, credential: Credential): void {
  for (const store of stores()) {
    try {
      store.setItem(name(face), JSON.stringify(credential));
    } catch {
      // full: the other store, or memory, has it
    }
  }
}

/** Forgets `credential`; a newer one that another tab has stored meanwhile stays. */
export function dropCredential(face: FaceName, credential: string): void {
  for (const store of stores()) {
    try {
      if (store.getItem(name(face))?.includes(JSON.stringify(credential))) store.removeItem(name(face));
    } catch {
      // nothing to forget
    }
  }
}

/** The token after `#`, removed from the address bar (and history) at once; null when there is none. */
export function takeToken(): string | null {
  const token = location.hash.slice(1);
  if (!/^[A-Za-z0-9_-]{16,}$/.test(token)) return null;
  history.replaceState(history.state, '', location.pathname + location.search);
  return token;
}
