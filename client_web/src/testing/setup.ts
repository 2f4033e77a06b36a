/**
 * What every client test starts with: IndexedDB, and failure messages without the whole page.
 *
 * The files a worker runs share its page and modules (`isolate: false`), and this runs before each of them: what an
 * earlier file left behind is taken away. A module keeps no state of its own that a test would need anew.
 */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { configure } from '@testing-library/svelte';
import { vi } from 'vitest';

configure({ getElementError: (message) => new Error(message ?? 'not found'), defaultHidden: false, asyncUtilTimeout: 5_000 });

vi.useRealTimers();
if (typeof document !== 'undefined') {
  document.body.replaceChildren();
  for (const element of [document.documentElement, document.body]) for (const name of element.getAttributeNames()) element.removeAttribute(name);
  history.replaceState(null, '', '/');
  localStorage.clear();
  sessionStorage.clear();
  globalThis.indexedDB = new IDBFactory();
}
