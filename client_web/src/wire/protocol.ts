/** The types of the wire protocol, version 1: docs/protocol.md in TypeScript, and nothing else. */
import type { BallotFields, Channel, ChannelFields, ConsensusFields, ProxyFields } from './ballots';
import type { DraftFields, FunnelFields, OwnScoring, ProposalFields, ScoringFields, ScoringProgressFields } from './proposals';
import type { AgendaFields, ArrivalFields, AttendanceFields, CastFields, ChairFields, CrowdFields, DeckFields, DelegateFields, EquityFields, FloorFields, GroupFields, HallFields, OutageFields, ParcelFields, QuorumFields, RecordFields, RollcallFields, RulesFields, SeatFields, SessionFields, SiteFields, StageFields, TrailFields } from './sitting';

export * from './ballots';
export * from './proposals';
export * from './sitting';
export * from './words';

/** What a page of a hall is: the hall itself, or one of the tablets beside it, without media. */
export type PageKind = 'main' | 'kiosk';
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
  draft: DraftFields;
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
  'session', 'hall', 'seat', 'attendance', 'crowd', 'arrival', 'quorum', 'agenda', 'rules', 'floor', 'stage', 'proposal', 'draft', 'ballot', 'channel', 'proxy', 'consensus',
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
  /** Tablets beside the hall's page, at all nodes; a node of an earlier version does not say. */
  tablets?: number;
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
  /** Where votes may be changed: how often this one was. */
  turn?: number;
}

export interface OwnBallot {
  /** Whether this seat (or hall, where halls vote) is in its electorate. */
  in: boolean;
  channel: Channel;
}

export interface OwnProxies {
  /** ballot null: whenever this seat does not vote itself. */
  given: { to: string; to_label: string; ballot: string | null }[];
  /** How many seats named this one. */
  received: number;
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
  /** By what this seat votes from the next ballot on; null without a seat. */
  channel?: Channel | null;
  /** Open ballots: what was settled when they opened. A ballot that is missing here is not known yet. */
  ballots?: Record<string, OwnBallot>;
  proxies?: OwnProxies;
  /** Checked in, and not gone again. */
  here?: boolean;
  /** The cards this seat stands behind, as they came; those merged into others too. */
  own?: string[];
  /** Role `hall` only: what its people are still writing. */
  drafts?: (DraftFields & { proposal: string })[];
  /** Role `agency` only: the agency its pass speaks for, empty for any. */
  agency?: string;
}

/** Something everybody should know of the server itself. */
export interface Notice {
  storage: 'away' | 'back';
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

export type MediaMethod = 'publish' | 'show' | 'answer' | 'restart' | 'leave' | 'relays';
