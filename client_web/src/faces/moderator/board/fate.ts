/** How a status looks wherever it is shown small: tone and icon beside its word. */
import { COLUMN_OF, type BoardColumn, type ProposalStatus } from '../../../wire/protocol';
import type { IconName } from '../../../icons/outlines';

export type Tone = 'ok' | 'warn' | 'bad' | 'off' | 'info';

const OF_COLUMN: Readonly<Record<BoardColumn, Tone>> = { SUBMITTED: 'off', DISCUSSED: 'info', PRIORITISED: 'ok', RESERVE: 'warn', NOT_AGREED: 'bad' };
const OF_STATUS: Partial<Record<ProposalStatus, Tone>> = { AGREED: 'ok', AGREED_WITH_CHANGES: 'ok', RETURNED: 'warn' };
const ICONS: Readonly<Record<Tone, IconName>> = { ok: 'circle-check', warn: 'hourglass', bad: 'octagon-alert', off: 'circle-dashed', info: 'info' };

export function toneOf(status: ProposalStatus): Tone {
  const column = COLUMN_OF[status];
  return OF_STATUS[status] ?? (column ? OF_COLUMN[column] : 'off');
}
export const iconOf = (status: ProposalStatus): IconName => ICONS[toneOf(status)];
