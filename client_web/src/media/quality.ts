/** Turns the numbers of getStats into one of five words that people can act on. */

export type Score = 'good' | 'fair' | 'weak' | 'audio' | 'unknown';

export interface LinkReading {
  /** Share of packets lost on the way out, 0–1, or null before the first report. */
  readonly loss: number | null;
  readonly rttMs: number | null;
  /** What the browser believes the uplink carries, bit/s. */
  readonly availableBps: number | null;
  readonly score: Score;
}

export const NO_READING: LinkReading = { loss: null, rttMs: null, availableBps: null, score: 'unknown' };

const FAIR = { loss: 0.03, rttMs: 250, bps: 500_000 };
const WEAK = { loss: 0.08, rttMs: 500, bps: 180_000 };
const AUDIO_BPS = 60_000; // below this not even the thumbnail fits beside Opus

export function scoreOf(loss: number | null, rttMs: number | null, availableBps: number | null): Score {
  if (loss === null && rttMs === null && availableBps === null) return 'unknown';
  const [l, r, b] = [loss ?? 0, rttMs ?? 0, availableBps ?? Infinity];
  if (b < AUDIO_BPS) return 'audio';
  if (l >= WEAK.loss || r >= WEAK.rttMs || b < WEAK.bps) return 'weak';
  if (l >= FAIR.loss || r >= FAIR.rttMs || b < FAIR.bps) return 'fair';
  return 'good';
}

const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

/** Reads the report of a sending connection: worst fraction lost and round trip of its streams, estimate of the pair in use. */
export function readLink(report: Iterable<Record<string, unknown>>): LinkReading {
  let loss: number | null = null;
  let rttMs: number | null = null;
  let availableBps: number | null = null;
  for (const row of report) {
    if (row['type'] === 'remote-inbound-rtp') {
      const lost = number(row['fractionLost']);
      const rtt = number(row['roundTripTime']);
      if (lost !== null) loss = Math.max(loss ?? 0, lost);
      if (rtt !== null) rttMs = Math.max(rttMs ?? 0, Math.round(rtt * 1000));
    } else if (row['type'] === 'candidate-pair' && row['nominated'] === true && row['state'] === 'succeeded') {
      availableBps = number(row['availableOutgoingBitrate']) ?? availableBps;
      const rtt = number(row['currentRoundTripTime']);
      if (rtt !== null && rttMs === null) rttMs = Math.round(rtt * 1000);
    }
  }
  return { loss, rttMs, availableBps, score: scoreOf(loss, rttMs, availableBps) };
}

/** Smooths jumps: a better word must be seen twice in a row before it is shown, a worse one counts at once. */
export class Steady {
  private shown: Score = 'unknown';
  private better: Score | null = null;

  next(score: Score): Score {
    const order: readonly Score[] = ['audio', 'weak', 'fair', 'good'];
    const rises = this.shown !== 'unknown' && order.indexOf(score) > order.indexOf(this.shown);
    if (rises && this.better !== score) {
      this.better = score;
      return this.shown;
    }
    this.better = null;
    this.shown = score;
    return this.shown;
  }
}
