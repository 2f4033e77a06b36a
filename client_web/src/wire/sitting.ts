/** Entities of a session itself (§4): its phases and groups, people, agenda, floor, site, stage and record. */
import type { AgendaState, Form, Level, Phase, RequestKind, Scene } from './words';

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
  /** Other sessions its moderators may name. Class `moderator` only. */
  reaches?: string[];
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

/** Which moderator leads; `pass`, `open` (may be taken without force) and `others` for class `moderator` alone. */
export interface ChairFields {
  label: string;
  since: number;
  lost_at: number | null;
  pass?: string;
  open?: boolean;
  /** Whom it may be handed to. */
  others?: { pass: string; label: string }[];
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
  /** The hall whose picture is that of the sign language interpreter. */
  interpreter?: string | null;
}

export type RecordRole = 'chair' | 'secretary' | 'official' | 'participant' | 'agency' | 'council' | 'community' | 'witness' | 'acknowledging';

/** The Berita Acara. Class `public` sees no member that may be missing. stale: an earlier text was approved. */
export interface RecordFields {
  number: string;
  confirmed: { upto: number; digest: string; at: number; stale: boolean } | null;
  addenda: { number: number; text: string; reason: string; at: number }[];
  /** Why it was sealed though its text was not approved; empty where it was. */
  sealed_without: string;
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
