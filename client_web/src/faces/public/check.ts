/** Looks for a receipt's code in the published lists of closed ballots. */
import type { Answer } from '../../link/http';

/** What of a transcript (docs/protocol.md §2) matters here: trackers stand alone, or with their choice. */
export interface Transcript {
  trackers?: string[];
  votes?: { tracker?: string }[];
}

export type Verdict = { found: true; ballot: string } | { found: false } | 'short' | 'cut';

/** The digits of a code however it was grouped; null when there are too few or too many, or something that is none. */
export function codeOf(typed: string): string | null {
  const hex = typed.toLowerCase().replace(/[\s-]/g, '');
  return /^[0-9a-f]{12,32}$/.test(hex) ? hex : null;
}

/** The trackers a ballot publishes: by themselves, or each with its choice. An open ballot has none. */
export const trackersOf = (transcript: Transcript): string[] => [
  ...(transcript.trackers ?? []),
  ...(transcript.votes ?? []).flatMap((vote) => vote.tracker ?? []),
];

export async function checkCode(
  typed: string,
  ballots: readonly string[],
  fetchTranscript: (ballot: string) => Promise<Answer<Transcript> | null>,
): Promise<Verdict> {
  const code = codeOf(typed);
  if (code === null) return 'short';
  let cut = false;
  for (const ballot of ballots) {
    const answer = await fetchTranscript(ballot);
    if (answer === null) cut = true;
    else if (answer.ok && trackersOf(answer.body).some((tracker) => tracker.startsWith(code))) return { found: true, ballot };
  }
  return cut ? 'cut' : { found: false };
}
