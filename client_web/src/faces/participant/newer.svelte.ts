/** Keeps the page on the phone by its service worker, and knows when a newer page is ready. It is never forced on anybody. */

/** What of the browser is used; a test gives its own. */
export interface Keeping {
  workers: Pick<ServiceWorkerContainer, 'register' | 'controller' | 'ready' | 'addEventListener'>;
  /** Paths of the files that the page has loaded. */
  loaded(): string[];
  reload(): void;
}

const SCRIPT = '/sw.js';
const SCOPE = '/participant';

/** The one script address that may become a worker (Trusted Types). */
function address(): string {
  const types = (globalThis as { trustedTypes?: { createPolicy(name: string, rules: object): { createScriptURL(url: string): string } } }).trustedTypes;
  return types?.createPolicy('pleno-worker', { createScriptURL: () => SCRIPT }).createScriptURL(SCRIPT) ?? SCRIPT;
}

export function newerPage(): { waits: () => boolean; use: () => void; keep: (keeping: Keeping) => Promise<void> } {
  let ready = $state.raw<Pick<ServiceWorker, 'postMessage'> | null>(null);
  let asked = false;

  async function keep({ workers, loaded, reload }: Keeping): Promise<void> {
    workers.addEventListener('controllerchange', () => asked && reload());
    const registration = await workers.register(address(), { scope: SCOPE, updateViaCache: 'none' });
    const offer = (worker: ServiceWorker | null): void => {
      if (worker?.state === 'installed' && workers.controller) ready = worker;
    };
    offer(registration.waiting);
    registration.addEventListener('updatefound', () => {
      const next = registration.installing;
      next?.addEventListener('statechange', () => offer(next));
    });
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') registration.update().catch(() => {});
    });
    (await workers.ready).active?.postMessage(loaded());
  }

  return {
    waits: () => ready !== null,
    use: () => {
      asked = true;
      ready?.postMessage('use');
    },
    keep,
  };
}

export const newer = newerPage();

let kept = false;

/** Once a page, where the browser can and the page was built: a developing server has no such script. */
export function keepPage(): void {
  if (kept || !import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  kept = true;
  const loaded = (): string[] => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname);
  newer.keep({ workers: navigator.serviceWorker, loaded, reload: () => location.reload() }).catch(() => {
    // no secure address, storage full, or forbidden: the page works as before
  });
}
