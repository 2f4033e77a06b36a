/** What every client test starts with: IndexedDB, and failure messages without the whole page. */
import 'fake-indexeddb/auto';
import { configure } from '@testing-library/svelte';

configure({ getElementError: (message) => new Error(message ?? 'not found') });
