/** What every client test starts with. */
import 'fake-indexeddb/auto';
