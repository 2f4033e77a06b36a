/** Fetches the second part of the phone's code, again and again until it is here: a ballot may open during the next cut. */
import { backoffMs, pause } from '../../link/backoff';
import { language, speak } from '../../text';

export type Rest = typeof import('./later');

let found = $state.raw<Rest | null>(null);
let underWay: Promise<Rest> | null = null;

/** Null until it has come. */
export const rest = (): Rest | null => found;

export function fetchRest(load: () => Promise<Rest> = () => import('./later')): Promise<Rest> {
  underWay ??= persist(load);
  return underWay;
}

async function persist(load: () => Promise<Rest>): Promise<Rest> {
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
