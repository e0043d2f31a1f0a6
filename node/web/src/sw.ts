/**
 * The service worker: keeps the versioned shell, and nothing else. It never sees what members
 * write: requests to the node's interface pass by untouched.
 *
 * The build puts in what belongs to the shell, and a version that is the hash of it all.
 */

declare const __VERSION__: string;
/** Needed to start. */
declare const __CORE__: readonly string[];
/** Kept once used: other languages, parts loaded when needed. */
declare const __EXTRA__: readonly string[];
/** Paths of public pages: all are the same document. */
declare const __PAGES__: readonly string[];

interface Lifetime extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface Fetching extends Lifetime {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface WorkerScope extends EventTarget {
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
}

const scope = globalThis as unknown as WorkerScope;

/** A neutral name: whoever looks into the browser's storage reads nothing from it. */
const CACHE = `v-${__VERSION__}`;

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  // Past the browser's own cache: a new version must not be made of old parts.
  await cache.addAll(__CORE__.map((path) => new Request(path, { cache: "reload" })));
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await scope.clients.claim();
}

async function answer(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(path);
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.ok && __EXTRA__.includes(path)) await cache.put(path, fresh.clone());
  return fresh;
}

scope.addEventListener("install", (event) => (event as Lifetime).waitUntil(install()));
scope.addEventListener("activate", (event) => (event as Lifetime).waitUntil(activate()));
scope.addEventListener("message", (event) => {
  if ((event as MessageEvent).data === "go") void scope.skipWaiting();
});
scope.addEventListener("fetch", (event) => {
  const fetching = event as Fetching;
  const { method, mode, url } = fetching.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== scope.location.origin) return;
  if (mode === "navigate" && __PAGES__.includes(pathname)) {
    fetching.respondWith(answer("/", fetching.request));
  } else if (__CORE__.includes(pathname) || __EXTRA__.includes(pathname)) {
    fetching.respondWith(answer(pathname, fetching.request));
  }
});
