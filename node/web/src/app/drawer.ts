/**
 * A drawer of bytes in IndexedDB. Its names say nothing about what lies in it, or for whom.
 *
 * Where a browser keeps nothing (private windows, switched off), everything works without: the
 * device then has to be told everything anew at each visit.
 */

import type { Drawer } from "../kith/account/keep.ts";

const DATABASE = "data";
const STORE = "data";
const VERSION = 1;

/** The drawer of this browser, or one in memory where it keeps nothing. */
export async function openDrawer(factory: IDBFactory | undefined): Promise<Drawer> {
  if (factory === undefined) return memoryDrawer();
  try {
    return drawerOf(await openDatabase(factory));
  } catch {
    return memoryDrawer();
  }
}

/** A drawer that is empty again when the page is gone. */
export function memoryDrawer(): Drawer {
  const held = new Map<string, Uint8Array>();
  return {
    get: (name) => Promise.resolve(held.get(name) ?? null),
    put: (name, bytes) => Promise.resolve(void held.set(name, bytes)),
    delete: (name) => Promise.resolve(void held.delete(name)),
    clear: () => Promise.resolve(held.clear()),
  };
}

function openDatabase(factory: IDBFactory): Promise<IDBDatabase> {
  const request = factory.open(DATABASE, VERSION);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return resultOf(request);
}

function drawerOf(database: IDBDatabase): Drawer {
  // Another tab may have to change the database: it must not wait for this one.
  database.onversionchange = () => database.close();
  const run = async <T>(
    mode: IDBTransactionMode,
    work: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> => {
    const transaction = database.transaction(STORE, mode);
    const result = await resultOf(work(transaction.objectStore(STORE)));
    if (mode === "readwrite") await completed(transaction);
    return result;
  };
  return {
    get: async (name) => {
      const found: unknown = await run("readonly", (store) => store.get(name));
      return found instanceof Uint8Array ? found : null;
    },
    put: async (name, bytes) =>
      void (await run("readwrite", (store) => store.put(bytes, name))),
    delete: (name) => run("readwrite", (store) => store.delete(name)),
    clear: () => run("readwrite", (store) => store.clear()),
  };
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });
}
