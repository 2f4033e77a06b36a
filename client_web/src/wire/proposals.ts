/** Entities of the board (§4): proposals, limits and scores. */
import type { BallotState, DecisionLevel, DecisionWord, Land, ProposalSource, ProposalStatus, ProposalType, ReasonCode, SurveyStatus, Urgency, Verdict } from './words';

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
  /** Of the plan, empty for none. */
  field?: string;
  decisions?: Decision[];
  answer?: AgencyAnswer | null;
  /** The cards that were merged into this one. */
  merged?: string[];
  /** Degrees, WGS 84; both null where nobody said where it would be. */
  lat?: number | null;
  lon?: number | null;
}

/** A proposal that is still being written: no card, and in no figure. Class `moderator`; a hall has its own in `Me`. */
export interface DraftFields {
  status: 'DRAFT';
  hall: string;
  owner: string | null;
  /** When it was begun, ms. */
  at: number;
  version: number;
  title: string;
  problem: string;
  address: string;
  amount: number | null;
  volume: number | null;
  unit: string;
  agency: string;
  type: ProposalType | null;
  urgency: Urgency | null;
  land: Land | null;
  rw: string;
  households: number | null;
  proposer: string;
  note: string;
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
  /** Null, as least, most and deviation are, where fewer than three scored it and it is not the moderator who looks. */
  details: Record<string, number> | null;
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

/** What somebody decided of a proposal and why, as anybody reads it: `GET /api/public/{session}/outcomes`. */
export interface Decided {
  proposal: string;
  status: ProposalStatus;
  reason_code: ReasonCode | '';
  reason: string;
  agency: string;
  decisions: { level: DecisionLevel; status: string; at: number; reason_code: ReasonCode | ''; reason: string; amount: number | null; volume: number | null; note: string }[];
}
