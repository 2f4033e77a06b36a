/** The words of the protocol (§4): each list of what a field may say. */

export type Phase = 'draft' | 'lobby' | 'open' | 'recess' | 'closed' | 'sealed';
export type Level = 'RW_FORUM' | 'KELURAHAN' | 'KECAMATAN' | 'AGENCY_FORUM' | 'CITY';
export type Form = 'PLENARY_OPEN' | 'PLENARY' | 'GROUP' | 'PLENARY_CLOSE';
export type AgendaState = 'todo' | 'now' | 'done';
export type Scene = 'wall' | 'stage' | 'board' | 'ballot' | 'result' | 'slides' | 'agenda' | 'join';
export type RequestKind = 'ordinary' | 'point_of_order' | 'for' | 'against' | 'answer';
export type BoardColumn = 'SUBMITTED' | 'DISCUSSED' | 'PRIORITISED' | 'RESERVE' | 'NOT_AGREED';
export type ProposalStatus =
  | BoardColumn
  | 'VERIFIED' | 'RETURNED' | 'SURVEYED'
  | 'AGREED' | 'AGREED_WITH_CHANGES'
  | 'SENT_UP' | 'ACCOMMODATED_NEXT_YEAR' | 'ACCOMMODATED_CURRENT_YEAR' | 'NOT_ACCOMMODATED' | 'REALISED' | 'NOT_REALISED'
  | 'MERGED' | 'WITHDRAWN'; // prettier-ignore
/** The board column of each status (§4): one order of ranks runs through each column. */
export const COLUMN_OF: Readonly<Record<ProposalStatus, BoardColumn | null>> = {
  SUBMITTED: 'SUBMITTED',
  VERIFIED: 'SUBMITTED',
  RETURNED: 'SUBMITTED',
  SURVEYED: 'SUBMITTED',
  DISCUSSED: 'DISCUSSED',
  AGREED: 'DISCUSSED',
  AGREED_WITH_CHANGES: 'DISCUSSED',
  PRIORITISED: 'PRIORITISED',
  SENT_UP: 'PRIORITISED',
  ACCOMMODATED_NEXT_YEAR: 'PRIORITISED',
  ACCOMMODATED_CURRENT_YEAR: 'PRIORITISED',
  REALISED: 'PRIORITISED',
  RESERVE: 'RESERVE',
  NOT_AGREED: 'NOT_AGREED',
  NOT_ACCOMMODATED: 'NOT_AGREED',
  NOT_REALISED: 'NOT_AGREED',
  MERGED: null,
  WITHDRAWN: null,
};
export type ReasonCode =
  | 'DUPLICATE' | 'WRONG_ADDRESS' | 'ALREADY_PROPOSED' | 'WRONG_AGENCY' | 'LAND_NOT_OWNED_BY_GOV' | 'STILL_FIT' | 'RESIDENTS_OBJECT'
  | 'WITHDRAWN_BY_RW' | 'SIZE_BELOW_STANDARD' | 'ASSET_STATUS' | 'LAND_DISPUTE' | 'PSU_NOT_HANDED_OVER' | 'RECIPIENT_NOT_LEGAL_ENTITY'
  | 'URGENT_USE_OTHER_CHANNEL' | 'OVER_CEILING' | 'NOT_IN_AUTHORITY' | 'NOT_IN_CATALOGUE' | 'OTHER'; // prettier-ignore
export type DecisionLevel = 'RW_FORUM' | 'KELURAHAN' | 'KECAMATAN' | 'AGENCY_FORUM' | 'PLANNING_OFFICE' | 'CITY' | 'BUDGET_TEAM';
export type DecisionWord = 'ACCEPTED' | 'ACCEPTED_WITH_CHANGES' | 'REJECTED' | 'POSTPONED';
export type SurveyStatus = 'BELUM' | 'DIJADWALKAN' | 'SUDAH' | 'TIDAK_PERLU';
export type Verdict = 'FEASIBLE' | 'FEASIBLE_WITH_CHANGES' | 'NOT_FEASIBLE';
export type ProposalSource = 'RW' | 'KELURAHAN' | 'KECAMATAN' | 'AGENCY' | 'COUNCIL' | 'COMMUNITY_ORG' | 'CHILDREN_FORUM' | 'FLOOR';
export type Urgency = 'TIDAK_MENDESAK' | 'CUKUP' | 'MENDESAK' | 'SANGAT_MENDESAK';
export type Land = 'PEMDA' | 'INSTANSI_LAIN' | 'WARGA' | 'SENGKETA' | 'BELUM_DISERAHKAN';
export type ProposalType = 'FISIK' | 'NON_FISIK' | 'PENGADAAN_BARANG';
export type Secrecy = 'open' | 'secret';
export type Proof = 'inclusion' | 'full';
export type BallotState = 'open' | 'closed' | 'void';
