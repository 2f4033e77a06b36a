import { describe, expect, it } from 'vitest';
import { asked, openDatabase } from './database';
import { openShelf } from './shelf';

const PATIENCE_MS = 100;

describe('shelf', () => {
  it('keeps in memory what the disk does not take in time: a vote leaves even when another tab froze in a write', async () => {
    const shelf = await openShelf(PATIENCE_MS);
    const db = await openDatabase('pleno', 1, () => {});
    let frozen = true;
    const held = (async () => {
      const store = db.transaction('outbox', 'readwrite').objectStore('outbox');
      while (frozen) await asked(store.get('nothing'));
    })();
    const parcel = { key: 'k1', owner: 's1/pass-9', event: 'vote' as const, payload: { key: 'k1' }, at: 0 };
    await shelf.put(parcel);
    expect(await shelf.parcels('s1/pass-9')).toEqual([parcel]);
    await shelf.remove('k1');
    expect(await shelf.parcels('s1/pass-9')).toEqual([]);
    frozen = false;
    await held;
    db.close();
    await expect.poll(() => shelf.parcels('s1/pass-9')).toEqual([]);
  });
});
