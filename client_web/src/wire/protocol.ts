/** The types of the wire protocol, version 1: docs/protocol.md in TypeScript, and nothing else. */

export type FaceName = 'moderator' | 'hall' | 'participant' | 'screen' | 'public' | 'admin';
export type Role = 'moderator' | 'hall' | 'delegate' | 'screen' | 'public' | 'admin';

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
export type Phase = 'draft' | 'open' | 'closed';
export type AgendaState = 'todo' | 'now' | 'done';
export type Scene = 'wall' | 'stage' | 'board' | 'ballot' | 'result';
export type ProposalStatus = 'SUBMITTED' | 'DISCUSSED' | 'PRIORITISED' | 'RESERVE' | 'NOT_AGREED' | 'WITHDRAWN';
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
}

export interface HallFields {
  name: string;
  kecamatan: string;
  order: number;
  seat_count: number;
}

/** Class `moderator` only. */
export interface SeatFields {
  hall: string;
  office: string;
  voice: boolean;
  vote: boolean;
}

export interface AgendaFields {
  title: string;
  kind: string;
  order: number;
  minutes: number;
  state: AgendaState;
  started_at: number | null;
  ended_at: number | null;
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
}

export interface FloorFields {
  holder: Speaker | null;
  queue: Speaker[];
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
  version: number;
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
}

export interface BallotOption {
  id: string;
  label: string;
  detail?: string | null;
}

export interface Result {
  counts: { option: string; votes: number }[];
  cast: number;
  blank: number;
  electorate: number;
  elected: string[];
  tied: string[];
  root: string;
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

export interface Kinds {
  session: SessionFields;
  hall: HallFields;
  seat: SeatFields;
  agenda: AgendaFields;
  floor: FloorFields;
  stage: StageFields;
  proposal: ProposalFields;
  ballot: BallotFields;
  record: RecordFields;
}

export type Kind = keyof Kinds;
export type Entity<K extends Kind> = Kinds[K] & { readonly id: string };
export const KINDS: readonly Kind[] = ['session', 'hall', 'seat', 'agenda', 'floor', 'stage', 'proposal', 'ballot', 'record'];

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
