/** What became of a proposal, in the five fates the pages of results know (server/pages/public.py). */
import type { Tone } from '../../components/map/points';
import { language } from '../../text';
import { COLUMN_OF, type ProposalStatus } from '../../wire/protocol';

export type Fate = 'agreed' | 'reserve' | 'not' | 'merged' | 'open';

export function fateOf(status: ProposalStatus): Fate {
  if (status === 'MERGED') return 'merged';
  if (status === 'RETURNED' || COLUMN_OF[status] === 'NOT_AGREED') return 'not';
  if (status === 'AGREED' || status === 'AGREED_WITH_CHANGES' || COLUMN_OF[status] === 'PRIORITISED') return 'agreed';
  return COLUMN_OF[status] === 'RESERVE' ? 'reserve' : 'open';
}

export const TONE_OF = { agreed: 'ok', reserve: 'info', not: 'warn', merged: 'off', open: 'off' } as const satisfies Record<Fate, Tone>;
export const ICON_OF = { agreed: 'badge-check', reserve: 'bookmark', not: 'triangle-alert', merged: 'git-merge', open: 'clock' } as const;

/** A page of this session that works without scripts, in the language of this one. path: "hasil", "usulan/p1". */
export const pageOf = (session: string, path: string): string => `/public/${encodeURIComponent(session)}/${path}?lang=${language()}`;
