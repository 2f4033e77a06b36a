/** Fetches the second part of the phone's code, again and again until it is here: a ballot may open during the next cut. */
import { backoffMs, pause } from '../../link/backoff';
import { language, speak } from '../../text';

export type Rest = typeof import('./later');

/** One fetching of it: the phone has one, a test its own. */
export function second(load: () => Promise<Rest>): { rest: () => Rest | null; fetchRest: () => Promise<Rest> } {
  let found = $state.raw<Rest | null>(null);
  let underWay: Promise<Rest> | null = null;

  async function persist(): Promise<Rest> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const part = await load();
        await speak(language()); // its dictionaries came with it
        found = part;
        return part;
      } catch {
        await pause(backoffMs(attempt, Math.random()));
      }
    }
  }

  /** `rest` is null until it has come. */
  return { rest: () => found, fetchRest: () => (underWay ??= persist()) };
}

/** The second part's own style rules, which the page names and does not load; there are none while developing. */
function styled(): Promise<unknown> {
  const link = document.querySelector<HTMLLinkElement>('link[data-later]');
  if (!link || link.rel) return Promise.resolve();
  return new Promise((resolve, reject) => {
    link.onload = resolve;
    link.onerror = () => {
      link.rel = ''; // to be asked for again
      reject(new Error('no style sheet'));
    };
    link.rel = 'stylesheet';
  });
}

export const { rest, fetchRest } = second(async () => (await Promise.all([import('./later'), styled()]))[0]);
