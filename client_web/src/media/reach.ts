/** How well this machine reaches the server before anything is published: answers to a tiny request and to a large one, timed. */

export type ReachWord = 'good' | 'fair' | 'weak' | 'cut';

export interface Reach {
  readonly word: ReachWord;
  /** Median round trip, ms; null when nothing came back. */
  readonly rttMs: number | null;
  /** Requests without an answer, of how many. */
  readonly lost: number;
  readonly tries: number;
  /** What the line carries towards the server, bit/s; null when that was not measured. */
  readonly upBps: number | null;
}

const TRIES = 8;
const PATIENCE_MS = 3_000;
/** As much as the server reads of a page that measures. */
const BODY_BYTES = 48 * 1024;
/** Measuring ends with the try that is under way then. */
const SEND_MS = 2_500;
const SENDS = 6;
const SEND_PATIENCE_MS = 10_000;
/** Below the first, picture and sound in full do not fit; below the second, a small picture at best (see quality.ts). */
const FAIR_BPS = 2_000_000;
const WEAK_BPS = 500_000;
const WORDS = ['good', 'fair', 'weak', 'cut'] as const;

const ofLine = (upBps: number | null): ReachWord => (upBps === null || upBps >= FAIR_BPS ? 'good' : upBps >= WEAK_BPS ? 'fair' : 'weak');

export function judge(times: readonly (number | null)[], upBps: number | null = null): Reach {
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
  return { word: WORDS[Math.max(WORDS.indexOf(word), WORDS.indexOf(ofLine(upBps)))] ?? word, rttMs, lost, tries: times.length, upBps };
}

/** Sends bodies to `path` for a few seconds; the fastest counts, since a line warms up. bit/s, null when none came through. Never throws. */
async function uplink({ path, init }: NonNullable<ReachParts['send']>, rttMs: number, clock: () => number): Promise<number | null> {
  let best: number | null = null;
  const until = clock() + SEND_MS;
  for (let i = 0; i < SENDS && clock() < until; i++) {
    const start = clock();
    try {
      const answer = await fetch(path, { ...init, method: 'POST', body: new Uint8Array(BODY_BYTES), signal: AbortSignal.timeout(SEND_PATIENCE_MS) });
      await answer.arrayBuffer();
      if (!answer.ok) return best; // the server does not measure: nothing is known
      const took = Math.max(1, clock() - start - rttMs);
      best = Math.max(best ?? 0, (8_000 * BODY_BYTES) / took);
    } catch {
      return best ?? (8_000 * BODY_BYTES) / SEND_PATIENCE_MS;
    }
  }
  return best;
}

export interface ReachParts {
  /** Where a tiny request is answered. */
  path?: string;
  /** Where large ones are read, and what they are sent with; none: only answers are timed. */
  send?: { path: string; init: RequestInit } | null;
  /** ms */
  clock?: () => number;
}

/** Asks eight times, one after the other, then sends for up to three seconds. Never throws. */
export async function reach({ path = '/healthz', send = null, clock = () => performance.now() }: ReachParts = {}): Promise<Reach> {
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
  const first = judge(times);
  if (send === null || first.rttMs === null || first.word === 'cut') return first;
  return judge(times, await uplink(send, first.rttMs, clock));
}
