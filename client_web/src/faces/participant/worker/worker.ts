/**
 * The service worker of the participant's page: it keeps the page's own files on the phone and answers with them before
 * the network does. It never looks at anything else: no answer of the API, no credential, nobody's data passes through it.
 */

/** The files of one build. */
export interface Made {
  version: string;
  /** A page that does not name it belongs to another build. */
  entry: string;
  /** Paths of what every phone needs. */
  files: readonly string[];
  /** Paths of what those who read English need besides. */
  english: readonly string[];
}

/** What of the worker's global scope is used; lib.webworker cannot be loaded beside lib.dom. */
export interface Scope {
  caches: CacheStorage;
  location: { origin: string };
  clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  fetch(request: Request): Promise<Response>;
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void;
  addEventListener(type: 'message', listener: (event: Lasting & { data: unknown }) => void): void;
  addEventListener(type: 'fetch', listener: (event: Asked) => void): void;
}
export interface Lasting {
  waitUntil(work: Promise<unknown>): void;
}
export interface Asked extends Lasting {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}

export const PAGE = '/participant';
export const PREFIX = 'pleno-participant-';
/** This build's, and the one before: another tab may still show that. */
const GENERATIONS = 2;
const ASSET = /^\/assets\/phone-[\w.-]+$/;

export function work(scope: Scope, made: Made): void {
  const name = PREFIX + made.version;
  const { caches } = scope;

  async function install(): Promise<void> {
    const before = (await caches.keys()).filter((one) => one.startsWith(PREFIX) && one !== name);
    const kept = (await Promise.all(before.map(async (one) => (await caches.open(one)).keys()))).flat();
    const english = kept.some(({ url }) => /\ben-[\w-]+\.js$/.test(new URL(url).pathname));
    const cache = await caches.open(name);
    // the page says what may be loaded: its headers are kept with it
    const page = await scope.fetch(new Request(new URL(PAGE, scope.location.origin), { cache: 'no-cache', credentials: 'omit' }));
    if (!page.ok || page.redirected || !(await page.clone().text()).includes(made.entry)) throw new Error('the page is of another build');
    await cache.addAll([...made.files, ...(english ? made.english : [])]);
    await cache.put(PAGE, page);
  }

  async function activate(): Promise<void> {
    const generations = (await caches.keys()).filter((one) => one.startsWith(PREFIX)); // oldest first
    const old = generations.filter((one) => one !== name).slice(0, Math.max(0, generations.length - GENERATIONS));
    await Promise.all(old.map((one) => caches.delete(one)));
    await scope.clients.claim();
  }

  /** Files that the page loaded before this worker was there; the browser has them at hand. */
  async function keep(paths: readonly unknown[]): Promise<void> {
    const cache = await caches.open(name);
    const mine = paths.filter((path): path is string => typeof path === 'string' && ASSET.test(path));
    await Promise.all(mine.map(async (path) => (await cache.match(path)) ?? cache.add(path)));
  }

  async function page(request: Request): Promise<Response> {
    return (await (await caches.open(name)).match(PAGE)) ?? scope.fetch(request);
  }

  async function file(request: Request): Promise<Response> {
    const found = await caches.match(request, { ignoreVary: true });
    if (found) return found;
    const answer = await scope.fetch(request);
    if (answer.ok) await (await caches.open(name)).put(request, answer.clone());
    return answer;
  }

  scope.addEventListener('install', (event) => event.waitUntil(install()));
  scope.addEventListener('activate', (event) => event.waitUntil(activate()));
  scope.addEventListener('message', (event) => {
    if (event.data === 'use') event.waitUntil(scope.skipWaiting());
    else if (Array.isArray(event.data)) event.waitUntil(keep(event.data));
  });
  scope.addEventListener('fetch', (event) => {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    if (request.method !== 'GET' || origin !== scope.location.origin) return;
    if (request.mode === 'navigate') {
      if (pathname === PAGE || pathname.startsWith(`${PAGE}/`)) event.respondWith(page(request));
    } else if (ASSET.test(pathname)) event.respondWith(file(request));
  });
}
