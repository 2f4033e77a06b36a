/** What may be decided about a proposal and where it may go from each status (docs/protocol.md §5, the board). */
import { COLUMN_OF, type BoardColumn, type DecisionLevel, type DecisionWord, type ProposalStatus, type ReasonCode } from '../../../wire/protocol';

const AT_WORK = ['SUBMITTED', 'DISCUSSED', 'PRIORITISED', 'RESERVE', 'NOT_AGREED'] as const;
const AGREED = ['AGREED', 'AGREED_WITH_CHANGES'] as const;
const TAKEN_UP = ['ACCOMMODATED_NEXT_YEAR', 'ACCOMMODATED_CURRENT_YEAR'] as const;

/** Merging and withdrawing are commands of their own and not listed. */
const STEPS: Readonly<Record<ProposalStatus, readonly ProposalStatus[]>> = {
  SUBMITTED: [...AT_WORK, 'VERIFIED', 'RETURNED', 'SURVEYED', ...AGREED],
  VERIFIED: [...AT_WORK, 'RETURNED', 'SURVEYED', ...AGREED],
  RETURNED: ['SUBMITTED', 'VERIFIED', 'NOT_AGREED'],
  SURVEYED: [...AT_WORK, 'VERIFIED', 'RETURNED', ...AGREED],
  DISCUSSED: [...AT_WORK, 'VERIFIED', 'RETURNED', 'SURVEYED', ...AGREED],
  AGREED: ['DISCUSSED', 'AGREED_WITH_CHANGES', 'PRIORITISED', 'RESERVE', 'NOT_AGREED', 'SENT_UP'],
  AGREED_WITH_CHANGES: ['DISCUSSED', 'AGREED', 'PRIORITISED', 'RESERVE', 'NOT_AGREED', 'SENT_UP'],
  PRIORITISED: [...AT_WORK, ...AGREED, 'SENT_UP'],
  RESERVE: [...AT_WORK, ...AGREED, 'SENT_UP'],
  NOT_AGREED: [...AT_WORK, 'RETURNED', ...AGREED],
  SENT_UP: ['PRIORITISED', 'RESERVE', ...TAKEN_UP, 'NOT_ACCOMMODATED'],
  ACCOMMODATED_NEXT_YEAR: ['SENT_UP', 'ACCOMMODATED_CURRENT_YEAR', 'NOT_ACCOMMODATED', 'REALISED', 'NOT_REALISED'],
  ACCOMMODATED_CURRENT_YEAR: ['SENT_UP', 'ACCOMMODATED_NEXT_YEAR', 'NOT_ACCOMMODATED', 'REALISED', 'NOT_REALISED'],
  NOT_ACCOMMODATED: ['SENT_UP', ...TAKEN_UP],
  REALISED: [...TAKEN_UP, 'NOT_REALISED'],
  NOT_REALISED: [...TAKEN_UP, 'REALISED'],
  MERGED: [],
  WITHDRAWN: [],
};

/** Where a card of this status may be moved, without where it is. */
export const stepsFrom = (status: ProposalStatus): ProposalStatus[] => (STEPS[status] ?? []).filter((to) => to !== status);

export const LEVELS: readonly DecisionLevel[] = ['RW_FORUM', 'KELURAHAN', 'KECAMATAN', 'AGENCY_FORUM', 'PLANNING_OFFICE', 'CITY', 'BUDGET_TEAM'];
export const DECISIONS: readonly DecisionWord[] = ['ACCEPTED', 'ACCEPTED_WITH_CHANGES', 'REJECTED', 'POSTPONED'];
const AFTER: Readonly<Record<DecisionWord, ProposalStatus>> = {
  ACCEPTED: 'AGREED',
  ACCEPTED_WITH_CHANGES: 'AGREED_WITH_CHANGES',
  REJECTED: 'NOT_AGREED',
  POSTPONED: 'DISCUSSED',
};

/** The status a card has once this was decided: what is prioritised or in reserve and accepted stays there. */
export function statusAfter(decision: DecisionWord, status: ProposalStatus): ProposalStatus {
  const ranked = status === 'PRIORITISED' || status === 'RESERVE';
  return ranked && (decision === 'ACCEPTED' || decision === 'ACCEPTED_WITH_CHANGES') ? status : AFTER[decision];
}

export function mayDecide(decision: DecisionWord, status: ProposalStatus): boolean {
  const to = statusAfter(decision, status);
  return to === status || (STEPS[status] ?? []).includes(to);
}

const OWES_REASON: ReadonlySet<string> = new Set(['REJECTED', 'POSTPONED', 'RETURNED', 'NOT_AGREED', 'NOT_ACCOMMODATED', 'NOT_REALISED']);
/** Whether this decision or this new status needs a code and words. */
export const owesReason = (what: string): boolean => OWES_REASON.has(what);

export const REASON_CODES: readonly ReasonCode[] = [
  'DUPLICATE', 'WRONG_ADDRESS', 'ALREADY_PROPOSED', 'WRONG_AGENCY', 'LAND_NOT_OWNED_BY_GOV', 'STILL_FIT', 'RESIDENTS_OBJECT',
  'WITHDRAWN_BY_RW', 'SIZE_BELOW_STANDARD', 'ASSET_STATUS', 'LAND_DISPUTE', 'PSU_NOT_HANDED_OVER', 'RECIPIENT_NOT_LEGAL_ENTITY',
  'URGENT_USE_OTHER_CHANNEL', 'OVER_CEILING', 'NOT_IN_AUTHORITY', 'NOT_IN_CATALOGUE', 'OTHER',
]; // prettier-ignore

/** The statuses of each column, the column's own first. */
export const STATUSES_OF = Object.entries(COLUMN_OF).reduce(
  (found, [status, column]) => (column ? { ...found, [column]: [...(found[column] ?? []), status as ProposalStatus] } : found),
  {} as Record<BoardColumn, ProposalStatus[]>,
);
