/** The types of the wire protocol, version 1: docs/protocol.md in TypeScript, and nothing else. */

export type FaceName = 'moderator' | 'hall' | 'participant' | 'screen' | 'public' | 'agency' | 'admin';
export type Role = 'moderator' | 'hall' | 'delegate' | 'screen' | 'public' | 'agency' | 'admin';

/** Who the bearer of a credential is (§1). `expires_at` in ms. */
export interface Identity {
  session: string;
  role: Role;
  seat: string | null;
  hall: string | null;
  pass: string;
  expires_at: number;
}

export interface Exchange {
  credential: string;
  identity: Identity;
  server_now: number;
}

/** RFC 9457, with the protocol's own member `code`. */
export interface Problem {
  code?: string;
  title?: string;
  detail?: string;
  [member: string]: unknown;
}

// ── entities (§4) ────────────────────────────────────────────────────────────
export type Phase = 'draft' | 'lobby' | 'open' | 'recess' | 'closed' | 'sealed';
export type Level = 'RW_FORUM' | 'KELURAHAN' | 'KECAMATAN' | 'AGENCY_FORUM' | 'CITY';
export type Form = 'PLENARY_OPEN' | 'PLENARY' | 'GROUP' | 'PLENARY_CLOSE';
export type AgendaState = 'todo' | 'now' | 'done';
export type Scene = 'wall' | 'stage' | 'board' | 'ballot' | 'result' | 'slides';
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

export interface SessionFields {
  title: string;
  kind: 'plenary' | 'group';
  parent: string | null;
  phase: Phase;
  place: string;
  /** Local date, "2018-01-23". */
  date: string;
  tz: 'WIB' | 'WITA' | 'WIT';
  rehearsal: boolean;
  opened_at: number | null;
  closed_at: number | null;
  seat_count: number;
  hall_count: number;
  level?: Level | null;
  form?: Form;
  territory_code?: string;
  territory_name?: string;
  /** The plan year. */
  year?: number | null;
  previous?: string | null;
  feeds?: string | null;
  recess_at?: number | null;
  recess_until?: number | null;
  recess_reason?: string;
  sealed_at?: number | null;
}

/** A group session of this plenary; its id is that session. */
export interface GroupFields {
  title: string;
  halls: string[];
  fields: string[];
  /** Those named to go; 0 when everybody of its halls goes. */
  seats: number;
  proposals: number;
  state: 'out' | 'called' | 'joined' | 'recalled';
  at: number;
  ended_at: number | null;
  /** Class `moderator` only. */
  moderator?: string | null;
}

/** What another session has not recorded yet. Class `moderator` only. */
export interface ParcelFields {
  to: string;
  name: string;
  state: 'sent' | 'refused';
  at: number;
  tries: number;
  code: string | null;
  detail: Record<string, unknown>;
}

export interface Ancestor {
  session: string;
  proposal: string;
  level: Level | null;
  year: number | null;
  status: string;
  carried: boolean;
}

export interface FateFields {
  session: string;
  status: string;
  level: Level | null;
  year: number | null;
  reason: string;
  at: number;
}

/** Of a proposal that came from elsewhere, was sent on, or is or was with a group. */
export interface TrailFields {
  group: string | null;
  decided_by: string | null;
  ancestors: Ancestor[];
  sent_to: string | null;
  fates: FateFields[];
}

/** What an opening shows, in words. */
export interface CastShown {
  scene: Scene;
  hall: string;
  proposal: string;
  ballot: string;
  speaker: string;
  item: string;
  item_started_at: number | null;
  phase: Phase;
}

export interface CastFields {
  to: string[];
  source: string | null;
  title: string;
  shown: CastShown | null;
}

export interface DelegateFields {
  hall: string;
  office: string;
  ballot: string | null;
  sent_to: string | null;
}

export interface HallFields {
  name: string;
  kecamatan: string;
  order: number;
  seat_count: number;
}

/** Classes `moderator` and `hall` only; what a hall does not see is absent. */
export interface SeatFields {
  hall: string;
  office: string;
  constituency: string;
  rw?: string;
  voice?: boolean;
  vote?: boolean;
}

/** Everybody of all halls together, and the base of what is counted per hall. */
export interface CrowdFields {
  invited: number;
  present: number;
  /** People without a seat. */
  guests: number;
}

export interface AttendanceFields extends CrowdFields {
  /** Seats; classes `moderator` and `hall` only. */
  witnesses?: string[];
}

export type CheckInChannel = 'qr' | 'name' | 'self';

/** Classes `moderator` and `hall` only. */
export interface ArrivalFields {
  hall: string;
  /** The first time, in ms. */
  at: number;
  channel: CheckInChannel;
  /** null while the seat is here. */
  left_at: number | null;
}

export type QuorumState = 'undeclared' | 'reached' | 'short' | 'waiting' | 'waited' | 'postponed' | 'proceeding';

export interface QuorumFields {
  state: QuorumState;
  /** From 1; 2 once a postponed sitting was declared upon. */
  sitting: number;
  figures: { present: number; base: number; needed: number } | null;
  declared_at: number | null;
  until: number | null;
  /** Local date, "2018-01-24", or empty. */
  date: string;
  reason: string;
}

/** One row of GET /api/sessions/{session}/people. */
export interface DoorPerson {
  id: string;
  hall: string;
  name: string;
  office: string;
  present: boolean;
}

export interface AgendaFields {
  title: string;
  kind: string;
  order: number;
  minutes: number;
  state: AgendaState;
  /** When it first began and last ended. */
  started_at: number | null;
  ended_at: number | null;
  /** Who is expected to speak, as text for people. */
  speaker: string;
  hall: string | null;
  /** Real time at `now`: spent_ms + (since === null ? 0 : now - since). The clock stands in a recess. */
  since: number | null;
  spent_ms: number;
  /** Classes `moderator` and `hall`. */
  note?: string;
}

/** A value of the rules: see `GET /api/templates` for what each field may be. */
export type RuleValue = number | string | boolean | null | RuleValue[] | { [name: string]: RuleValue };

/** The rules (tata tertib): the preset they began as, and section → field → value. */
export interface RulesFields {
  preset: string;
  [section: string]: string | Record<string, RuleValue>;
}

/** What a field of the rules may be set to. */
export interface RuleField {
  type: 'whole' | 'number' | 'flag' | 'text' | 'id' | 'list' | 'record';
  default?: RuleValue;
  least?: number;
  most?: number;
  words?: string[];
  optional?: true;
  of?: RuleField;
  fields?: Record<string, RuleField>;
}

/** `GET /api/templates`. */
export interface Templates {
  rules: {
    presets: { id: string; title: { id: string; en: string }; source: string; rules: RulesFields }[];
    sections: Record<string, Record<string, RuleField>>;
  };
  agendas: {
    id: string;
    title: { id: string; en: string };
    source: string;
    level: string;
    form: string;
    timed: boolean;
    minutes: number;
    items: { kind: string; title: string; minutes: number; speaker: string; each_hall: boolean }[];
  }[];
  criteria: { id: string; title: { id: string; en: string }; source: string; criteria: { [name: string]: RuleValue } }[];
}

export interface Speaker {
  request: string;
  hall: string;
  seat: string | null;
  label: string;
  note: string;
  at: number;
  since: number | null;
  until: number | null;
  kind?: RequestKind;
  proposal?: string | null;
  /** Class `moderator` only; empty for none. */
  constituency?: string;
}

/** The speaker with the floor. While `paused` is not empty, `until` is null and `remaining` (ms, null = no end) stands. */
export interface Holder extends Speaker {
  paused?: '' | 'chair' | 'outage' | 'recess';
  remaining?: number | null;
  running_since?: number | null;
  /** Before `running_since`, ms. */
  spoken_ms?: number;
  extensions?: number;
}

export interface Panelist {
  hall: string;
  seat: string | null;
  label: string;
}

export interface FloorFields {
  holder: Holder | null;
  queue: Speaker[];
  panel?: Panelist[];
  /** Request ids in the fair order while it is in force, else null: the queue's own order. */
  order?: string[] | null;
  /** The side whose turn it is, where sides alternate. */
  due?: 'for' | 'against' | null;
  /** Seconds before the end of a turn from which to warn. */
  warn_s?: number;
}

/** Of `hall:<hall>` or `group:<constituency>`: turns that have ended, and requests that wait. */
export interface EquityFields {
  times: number;
  spoken_ms: number;
  waiting: number;
}

/** A hall in the site log; `reason` for moderator and hall alone. */
export interface SiteFields {
  came_at: number | null;
  lost_at: number | null;
  outages: number;
  lost_ms: number;
  blanked: boolean;
  muted: boolean;
  reason?: string;
}

export interface OutageFields {
  hall: string;
  since: number;
  until: number | null;
  cause: 'page' | 'media';
}

export interface RollcallFields {
  question: string;
  started_at: number;
  ended_at: number | null;
  absent: string[];
  answers: { hall: string; heard: 'yes' | 'partly' | 'no'; note: string; by: 'hall' | 'moderator'; at: number }[];
}

/** Which moderator leads; `pass` and `open` (may be taken without force) for class `moderator` alone. */
export interface ChairFields {
  label: string;
  since: number;
  lost_at: number | null;
  pass?: string;
  open?: boolean;
}

/** page: the one shown, 0 = none. */
export interface DeckFields {
  title: string;
  pages: number;
  hall: string | null;
  page: number;
}

export interface StageFields {
  scene: Scene;
  spotlight: string | null;
  focus: string | null;
  ballot: string | null;
}

export interface ProposalCard {
  title: string;
  hall: string;
  status: ProposalStatus;
  /** Sorts inside the status column; sparse, perhaps negative. For the place to show see Plenary.place. */
  rank: number;
  /** Whole rupiah. */
  amount: number | null;
  households: number | null;
  rw: string | number | null;
  urgency: Urgency | null;
  land: Land | null;
  type: ProposalType | null;
  /** What the agency's answer says of the survey; null while there is no answer. */
  survey?: SurveyStatus | null;
  /** How many there are; the pictures stand in the details. */
  photos?: number;
  /** The card this one was merged into. */
  into?: string | null;
  version: number;
}

export interface Decision {
  level: DecisionLevel;
  /** NOTED: a recommendation that came with an import. */
  status: DecisionWord | 'NOTED';
  at: number;
  reason_code: ReasonCode | '';
  reason: string;
  amount: number | null;
  volume: number | null;
  note: string;
}

export interface AgencyAnswer {
  agency: string;
  survey_status: SurveyStatus;
  survey_date: string;
  survey_note: string;
  land: Land | null;
  cost: number | null;
  note: string;
  verdict: Verdict | null;
  reason_code: ReasonCode | '';
  at: number;
}

/** What class `moderator` sees of a proposal besides its card. */
export interface ProposalFields extends ProposalCard {
  problem?: string | null;
  address?: string | null;
  volume?: number | string | null;
  unit?: string | null;
  agency?: string | null;
  proposer?: string | null;
  reason?: string | null;
  reason_code?: ReasonCode | '';
  /** The agency in charge, empty while it is the one asked for. */
  agency_final?: string;
  source?: ProposalSource | null;
  decisions?: Decision[];
  answer?: AgencyAnswer | null;
  /** The cards that were merged into this one. */
  merged?: string[];
}

export interface BallotOption {
  id: string;
  label: string;
  detail?: string | null;
  cost?: number;
}

/** `value`: the exact figure that decides where votes alone do not: "7" or "7/3". The rest only where it says something. */
export interface Result {
  counts: { option: string; votes: number; value?: string }[];
  cast: number;
  blank: number;
  electorate: number;
  elected: string[];
  tied: string[];
  root: string;
  invalid?: 'no_quorum' | 'no_majority';
  verdict?: { majority: Majority; base: MajorityBase; size: string; needed: string; more_than: boolean; reached: string[] };
  levels?: string[][];
  spent?: number;
  hand?: number;
  delegated?: number;
}

export type Method = 'approval' | 'single' | 'yes_no' | 'score' | 'points' | 'borda' | 'schulze' | 'knapsack' | 'equal_shares';
export type Majority = 'simple' | 'absolute' | 'two_thirds' | 'four_fifths';
export type MajorityBase = 'cast' | 'valid' | 'present' | 'electorate';
export type Channel = 'phone' | 'kiosk' | 'hand';

export interface BallotRule {
  method: Method;
  scale_least: number;
  scale_most: number;
  variant: '' | 'classic' | 'modified';
  points: number;
  budget: number | null;
  majority: Majority;
  base: MajorityBase;
  places: number;
  tie: 'forum' | 'chair' | 'revote';
  weights: 'none' | 'hall_voting' | 'hall_electorate' | 'given';
  rounds: number;
  revote: boolean;
  quorum: boolean;
  delegations: number;
  witness_confirms: boolean;
  electorate: 'all' | 'halls' | 'seats' | 'present' | 'each_hall';
}

export interface HandCount {
  hall: string;
  cast?: number;
  blank?: number;
  counts?: { option: string; votes: number }[];
  operator: string;
  witness: string;
  confirmed: boolean;
  version: number;
}

/** Classes moderator and hall; seats that vote by phone are not listed. */
export interface ChannelFields {
  channel: Channel;
}

/** `seat` lets `to` vote for it; on one ballot, or whenever it does not vote itself. */
export interface ProxyFields {
  seat: string;
  to: string;
  ballot: string | null;
}

export interface ConsensusFields {
  subject: string;
  proposals: string[];
  outcome: 'agreed' | 'not_agreed';
  note: string;
  at: number;
}

export interface BallotFields {
  title: string;
  secrecy: Secrecy;
  proof: Proof | null;
  choose_max: number;
  options: BallotOption[];
  state: BallotState;
  opened_at: number;
  closes_at: number | null;
  closed_at: number | null;
  electorate: number;
  result: Result | null;
  reason: string | null;
  rule?: BallotRule;
  about?: string[];
  repeats?: string | null;
  round?: number;
  override?: string;
  hands?: HandCount[];
  channels?: { kiosk?: number; hand?: number };
  tie_breaks?: { option: string; reason: string }[];
}

export type RecordRole = 'chair' | 'secretary' | 'official' | 'participant' | 'agency' | 'council' | 'community' | 'witness' | 'acknowledging';

/** The Berita Acara. Class `public` sees only `number`, `confirmed` and `addenda`. */
export interface RecordFields {
  number: string;
  confirmed: { upto: number; digest: string; at: number } | null;
  addenda: { number: number; text: string; reason: string; at: number }[];
  heading?: string;
  forum?: string;
  letterhead?: string[];
  place?: string;
  notes?: string;
  signatories?: { role: RecordRole; office: string; seat: string | null }[];
  cc?: string[];
  clauses?: string[];
  corrections?: { section: string; text: string; at: number }[];
}

export interface Used {
  used: number;
  limit: number | null;
}

/** A limit that is broken; `what`: main, reserve, next_level, ceiling, or the name of a share. */
export interface Finding {
  code: 'over_quota' | 'over_ceiling' | 'share_broken';
  what: string;
  limit: number;
  actual: number;
}

/** Of the session (`hall` null) or of a hall. Phones get `hall`, `main`, `amount` and `per_hall` alone. */
export interface FunnelFields {
  hall: string | null;
  main: Used;
  amount: Used;
  reserve?: Used;
  next_level?: Used;
  unpriced?: number;
  shares?: { name: string; of: 'count' | 'amount'; used: number; whole: number; least: [number, number]; most: [number, number] }[];
  findings?: Finding[];
  /** Of the session's meter: what a hall may choose; one that chose nothing yet has no meter of its own. */
  per_hall?: { main: number | null; reserve: number | null; next_level: number | null };
}

export interface Criterion {
  key: string;
  name: string;
  name_en: string;
  least: number;
  most: number;
  step: number;
  weight: number;
  factor: boolean;
  hint: string;
  hint_en: string;
  /** What it follows from by itself; a person scores it where that number is missing. */
  automatic: 'households' | 'amount' | null;
}

export interface Outcome {
  proposal: string;
  rank: number | null;
  score: number | null;
  scorers: number;
  least: number | null;
  most: number | null;
  deviation: number | null;
  tied: boolean;
  passed: boolean | null;
  details: Record<string, number>;
}

export interface ScoringFields {
  title: string;
  criteria: { name: string; name_en: string; criteria: Criterion[]; method: 'mean' | 'sum'; pass_mark: number | null; preset: string };
  proposals: string[];
  scorers: number;
  agencies: boolean;
  own_area: 'hall' | 'rw' | 'off';
  state: BallotState;
  opened_at: number;
  closes_at: number | null;
  closed_at: number | null;
  results: Outcome[] | null;
  settlements: { proposals: string[]; reason: string }[];
  reason: string;
}

/** `by_scorer` (actor → sheets) and `by_proposal`: class `moderator` only. */
export interface ScoringProgressFields {
  given: number;
  scorers: number;
  by_scorer?: Record<string, number>;
  by_proposal?: Record<string, number>;
}

/** Of `me`: the own scores in the scoring that is open, and what may not be scored. */
export interface OwnScoring {
  scoring: string;
  barred: string[];
  scores: Record<string, Record<string, number>>;
}

export interface Kinds {
  session: SessionFields;
  hall: HallFields;
  seat: SeatFields;
  attendance: AttendanceFields;
  crowd: CrowdFields;
  arrival: ArrivalFields;
  quorum: QuorumFields;
  agenda: AgendaFields;
  rules: RulesFields;
  floor: FloorFields;
  equity: EquityFields;
  site: SiteFields;
  outage: OutageFields;
  rollcall: RollcallFields;
  chair: ChairFields;
  deck: DeckFields;
  stage: StageFields;
  proposal: ProposalFields;
  ballot: BallotFields;
  channel: ChannelFields;
  proxy: ProxyFields;
  consensus: ConsensusFields;
  record: RecordFields;
  funnel: FunnelFields;
  scoring: ScoringFields;
  scoring_progress: ScoringProgressFields;
  group: GroupFields;
  parcel: ParcelFields;
  trail: TrailFields;
  cast: CastFields;
  delegate: DelegateFields;
}

export type Kind = keyof Kinds;
export type Entity<K extends Kind> = Kinds[K] & { readonly id: string };
export const KINDS: readonly Kind[] = [
  'session', 'hall', 'seat', 'attendance', 'crowd', 'arrival', 'quorum', 'agenda', 'rules', 'floor', 'stage', 'proposal', 'ballot', 'channel', 'proxy', 'consensus',
  'record', 'equity', 'site', 'outage', 'rollcall', 'chair', 'deck',
  'funnel', 'scoring', 'scoring_progress',
  'group', 'parcel', 'trail', 'cast', 'delegate',
];

/** A list of every kind, all empty. */
export const emptyRows = (): { [K in Kind]: Entity<K>[] } => Object.fromEntries(KINDS.map((kind) => [kind, []])) as never;

// ── snapshot and frames (§2, §3) ─────────────────────────────────────────────
export interface Change {
  kind: string;
  id: string;
  fields: Record<string, unknown> | null;
}

export interface Frame {
  after: number;
  upto: number;
  changes: Change[];
}

export interface Snapshot extends Frame {
  session: string;
  class: string;
  server_now: number;
}

export type LinkHealth = 'good' | 'fair' | 'weak' | 'audio' | 'cut' | 'absent';

export interface Presence {
  connected: boolean;
  since: number;
  publishing: boolean;
  speaking: boolean;
  link: LinkHealth;
}

export interface PresenceMessage {
  halls?: Record<string, Presence>;
  participants: number;
}

export interface Turnout {
  ballot: string;
  cast: number;
  of: number;
}

export interface Receipt {
  v: 1;
  session: string;
  ballot: string;
  tracker: string | null;
  seat: string | null;
  choices: string[] | null;
  key_id: string;
  signature: string;
}

export interface Me {
  seat: string | null;
  hall: string | null;
  role: Role;
  office: string | null;
  can_vote: boolean;
  voted: Record<string, true>;
  receipts: Record<string, Receipt>;
  request: string | null;
  /** The own point of order. */
  point?: string | null;
  /** The group session to enter with the same credential. */
  group?: string | null;
  scoring?: OwnScoring | null;
  /** Role `agency` only: the agency its pass speaks for, empty for any. */
  agency?: string;
}

export interface Bye {
  code: string;
}

// ── acknowledgements ─────────────────────────────────────────────────────────
export interface Refusal {
  ok: false;
  code: string;
  data: Record<string, unknown>;
}

export type Ack = ({ ok: true } & Record<string, unknown>) | Refusal;

export interface SyncAck {
  ok: true;
  upto: number;
  server_now: number;
  me: Me;
  resync: boolean;
}

// ── media (§6): what the gateway passes through untouched ────────────────────
export type Source = 'mic' | 'camera' | 'camera_hd' | 'slides';

export interface Slot {
  kind: 'audio' | 'video';
  use: 'audio' | 'stage' | 'thumb';
  hall: string | null;
  source: Source | null;
}

export type MediaEvent =
  | { event: 'offer'; sdp: string; generation: number; slots: Record<string, Slot> }
  | { event: 'slots'; slots: Record<string, Slot> }
  | { event: 'want'; sources: Source[] }
  | { event: 'reset'; code: string };

export type MediaMethod = 'publish' | 'show' | 'answer' | 'restart' | 'leave';
