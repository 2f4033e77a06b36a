import { beforeEach, describe, expect, it, vi } from 'vitest';
import { PAGE, PREFIX, work, type Asked, type Lasting, type Made, type Scope } from './worker';

const ORIGIN = 'https://pleno.test';
const MADE: Made = { version: 'v1', entry: '/assets/phone-v1.js', files: ['/assets/phone-v1.js', '/assets/phone-v1.css'], english: ['/assets/phone-en-v1.js'] };
const pathOf = (asked: RequestInfo | URL): string => new URL(typeof asked === 'string' ? asked : 'url' in asked ? asked.url : asked, ORIGIN).pathname;

/** Caches as a browser has them, over one network that says which paths it was asked for. */
class Browser {
  stores = new Map<string, Map<string, Response>>();
  asked: string[] = [];
  answer = (path: string): Response => new Response(path === PAGE ? `<script src="${MADE.entry}">` : path);
  skipped = 0;

  fetch = async (asked: Request | string): Promise<Response> => {
    this.asked.push(pathOf(asked));
    return this.answer(pathOf(asked));
  };

  #cache(name: string): Map<string, Response> {
    const store = this.stores.get(name) ?? new Map<string, Response>();
    this.stores.set(name, store);
    return store;
  }

  caches = {
    keys: async () => [...this.stores.keys()],
    delete: async (name: string) => this.stores.delete(name),
    match: async (asked: Request) => [...this.stores.values()].map((store) => store.get(pathOf(asked))).find(Boolean)?.clone(),
    open: async (name: string) => {
      const store = this.#cache(name);
      const add = async (path: string): Promise<void> => void store.set(path, await this.fetch(path));
      return {
        add,
        addAll: async (paths: string[]) => void (await Promise.all(paths.map(add))),
        put: async (asked: Request | string, answer: Response) => void store.set(pathOf(asked), answer),
        match: async (asked: Request | string) => store.get(pathOf(asked))?.clone(),
        keys: async () => [...store.keys()].map((path) => ({ url: ORIGIN + path })),
      };
    },
  } as unknown as CacheStorage;

  /** The worker of one build, and a way to send it events. */
  start(made: Made): (type: string, event?: Record<string, unknown>) => Promise<Response | undefined> {
    const listeners = new Map<string, (event: never) => void>();
    const scope = {
      caches: this.caches,
      location: { origin: ORIGIN },
      clients: { claim: async () => {} },
      skipWaiting: async () => void (this.skipped += 1),
      fetch: this.fetch,
      addEventListener: (type: string, listener: (event: never) => void) => void listeners.set(type, listener),
    } as unknown as Scope;
    work(scope, made);
    return async (type, event = {}) => {
      let work: Promise<unknown> = Promise.resolve();
      let answer: Promise<Response> | undefined;
      const full: Lasting & Partial<Asked> = { waitUntil: (one) => (work = one), respondWith: (one) => (answer = one), ...event };
      listeners.get(type)?.(full as never);
      await work;
      return answer;
    };
  }
}
const asking = (path: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  request: { url: ORIGIN + path, method: 'GET', mode: 'cors', ...more },
});

let browser: Browser;
let send: ReturnType<Browser['start']>;

beforeEach(async () => {
  browser = new Browser();
  vi.stubGlobal(
    'Request',
    class {
      url: string;
      constructor(url: URL | string) {
        this.url = String(url);
      }
    },
  );
  send = browser.start(MADE);
  await send('install');
  await send('activate');
  browser.asked = [];
});

describe('the service worker', () => {
  it('opens the page and its files without asking the network', async () => {
    for (const path of ['/participant', '/participant/anything']) expect(await (await send('fetch', asking(path, { mode: 'navigate' })))?.text()).toContain(MADE.entry);
    expect(await (await send('fetch', asking('/assets/phone-v1.css')))?.text()).toBe('/assets/phone-v1.css');
    expect(browser.asked).toEqual([]);
  });

  it.each(['/api/sessions/s1/snapshot', '/api/passes/exchange', '/socket.io/?EIO=4', '/healthz', '/assets/index-a1b2c3d4.js', '/sw.js'])('leaves %s alone', async (path) => {
    expect(await send('fetch', asking(path))).toBeUndefined();
    expect([...browser.stores.values()].flatMap((store) => [...store.keys()])).not.toContain(path);
  });

  it('leaves other pages, other sites and what is sent alone', async () => {
    expect(await send('fetch', asking('/moderator', { mode: 'navigate' }))).toBeUndefined();
    expect(await send('fetch', asking('/participantx', { mode: 'navigate' }))).toBeUndefined();
    expect(await send('fetch', { request: { url: 'https://other.test/assets/phone-v1.js', method: 'GET', mode: 'cors' } })).toBeUndefined();
    expect(await send('fetch', asking('/participant', { method: 'POST', mode: 'navigate' }))).toBeUndefined();
  });

  it('keeps a file once the page has used it, and no answer that says no', async () => {
    browser.answer = (path) => new Response(path, { status: path.includes('gone') ? 404 : 200 });
    await send('fetch', asking('/assets/phone-qr-v1.js'));
    await send('fetch', asking('/assets/phone-gone-v1.js'));
    expect([...(browser.stores.get(`${PREFIX}v1`) ?? new Map()).keys()]).toContain('/assets/phone-qr-v1.js');
    expect([...(browser.stores.get(`${PREFIX}v1`) ?? new Map()).keys()]).not.toContain('/assets/phone-gone-v1.js');
  });

  it('keeps, of what the page says it has loaded, only files of the page', async () => {
    await send('message', { data: ['/assets/phone-en-v1.js', '/api/sessions/s1/snapshot', 7] });
    expect(browser.asked).toEqual(['/assets/phone-en-v1.js']);
  });

  it('waits until it is told to take over, and keeps the build before for other tabs', async () => {
    const next = browser.start({ ...MADE, version: 'v2', files: ['/assets/phone-v1.js'] });
    await next('install');
    expect(browser.skipped).toBe(0);
    await next('message', { data: 'use' });
    expect(browser.skipped).toBe(1);
    await next('activate');
    expect([...browser.stores.keys()]).toEqual([`${PREFIX}v1`, `${PREFIX}v2`]);
    const third = browser.start({ ...MADE, version: 'v3' });
    await third('install');
    await third('activate');
    expect([...browser.stores.keys()]).toEqual([`${PREFIX}v2`, `${PREFIX}v3`]);
  });

  it('is not installed when the server sends the page of another build', async () => {
    browser.answer = () => new Response('<script src="/assets/phone-v9.js">');
    await expect(browser.start({ ...MADE, version: 'v2' })('install')).rejects.toThrow('another build');
  });

  it('brings the English words of a newer build to whoever has those of the old', async () => {
    const next = { ...MADE, version: 'v2', english: ['/assets/phone-en-v2.js'] };
    await browser.start(next)('install');
    expect(browser.asked).not.toContain('/assets/phone-en-v2.js');
    await send('message', { data: ['/assets/phone-en-v1.js'] });
    await browser.start({ ...next, version: 'v3' })('install');
    expect(browser.asked).toContain('/assets/phone-en-v2.js');
  });
});
