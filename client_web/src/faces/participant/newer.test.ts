import { describe, expect, it, vi } from 'vitest';
import { newerPage, type Keeping } from './newer.svelte';

type Heard = (event?: unknown) => void;

/** A browser's container of service workers, as far as the page uses it. */
function container(controller: unknown): { keeping: Keeping; sent: unknown[]; reload: ReturnType<typeof vi.fn>; installs: () => void; takesOver: () => void } {
  const sent: unknown[] = [];
  const reload = vi.fn();
  const heard = new Map<string, Heard>();
  const next = { state: 'installing', postMessage: (data: unknown) => sent.push(data), addEventListener: (_: string, run: Heard) => heard.set('state', run) };
  const registration = { waiting: null, installing: null as unknown, addEventListener: (type: string, run: Heard) => heard.set(type, run), update: async () => {} };
  const workers = {
    controller,
    register: vi.fn(async () => registration),
    ready: Promise.resolve({ active: { postMessage: (data: unknown) => sent.push(data) } }),
    addEventListener: (type: string, run: Heard) => heard.set(type, run),
  };
  return {
    keeping: { workers, loaded: () => ['/assets/phone-a.js'], reload } as unknown as Keeping,
    sent,
    reload,
    installs: () => {
      registration.installing = next;
      heard.get('updatefound')?.();
      next.state = 'installed';
      heard.get('state')?.();
    },
    takesOver: () => heard.get('controllerchange')?.(),
  };
}

describe('a newer page', () => {
  it('is offered, not forced: it is used when the person says so', async () => {
    const { keeping, sent, reload, installs, takesOver } = container({});
    const newer = newerPage();
    await newer.keep(keeping);
    expect(keeping.workers.register).toHaveBeenCalledWith('/sw.js', { scope: '/participant', updateViaCache: 'none' });
    expect(sent).toEqual([['/assets/phone-a.js']]);
    expect(newer.waits()).toBe(false);
    installs();
    expect(newer.waits()).toBe(true);
    takesOver(); // another tab said so
    expect(reload).not.toHaveBeenCalled();
    newer.use();
    expect(sent.at(-1)).toBe('use');
    takesOver();
    expect(reload).toHaveBeenCalledOnce();
  });

  it('is not what the very first visit brings', async () => {
    const { keeping, installs } = container(null);
    const newer = newerPage();
    await newer.keep(keeping);
    installs();
    expect(newer.waits()).toBe(false);
  });
});
