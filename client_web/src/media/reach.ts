/** How well this machine reaches the server before anything is published: answers to a tiny request, timed. */

export type ReachWord = 'good' | 'fair' | 'weak' | 'cut';

export interface Reach {
  readonly word: ReachWord;
  /** Median round trip, ms; null when nothing came back. */
  readonly rttMs: number | null;
  /** Requests without an answer, of how many. */
  readonly lost: number;
  readonly tries: number;
}

const TRIES = 8;
const PATIENCE_MS = 3_000;

export function judge(times: readonly (number | null)[]): Reach {
  const came = times.filter((time): time is number => time !== null).sort((a, b) => a - b);
  const rttMs = came.length === 0 ? null : Math.round(came[Math.floor(came.length / 2)] ?? 0);
  const lost = times.length - came.length;
  const slowest = came.at(-1) ?? Infinity;
  const word: ReachWord =
    rttMs === null || lost > times.length / 2
      ? 'cut'
      : lost > 0 || rttMs > 300 || slowest > 1_500
        ? 'weak'
        : rttMs > 120 || slowest > 600
          ? 'fair'
          : 'good';
  return { word, rttMs, lost, tries: times.length };
}

/** Asks `path` eight times, one after the other. Never throws. `clock` in ms. */
export async function reach(path = '/healthz', clock: () => number = () => performance.now()): Promise<Reach> {
  const times: (number | null)[] = [];
  for (let i = 0; i < TRIES; i++) {
    const start = clock();
    try {
      const response = await fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) });
      await response.arrayBuffer();
      times.push(clock() - start);
    } catch {
      times.push(null);
    }
  }
  return judge(times);
}
