/** The browser's IndexedDB as promises: as much of it as two small stores need. */

export const asked = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** `upgrade` makes the stores of a database that is new or of an earlier version. */
export function openDatabase(name: string, version: number, upgrade: (db: IDBDatabase) => void): Promise<IDBDatabase> {
  const request = indexedDB.open(name, version);
  request.onupgradeneeded = () => upgrade(request.result);
  return asked(request);
}

export const read = <T>(db: IDBDatabase, name: string, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> =>
  asked(ask(db.transaction(name).objectStore(name)));

/** Resolves once what `work` did is on the disk. */
export const write = (db: IDBDatabase, name: string, work: (store: IDBObjectStore) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    const transaction = db.transaction(name, 'readwrite');
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
    work(transaction.objectStore(name));
  });
