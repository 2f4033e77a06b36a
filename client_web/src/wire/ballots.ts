/** Entities of voting (§4): ballots, channels, proxies, consensus. */
import type { BallotState, Proof, Secrecy } from './words';

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
  /** Hands that waited for their witness at the close. `earlier`: a confirmed count of the hall entered in their place. */
  left_out?: { hall: string; cast: number; earlier?: true }[];
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
  /** What of a secret ballot with proof `inclusion` is published: its papers, or what they add up to. */
  published?: 'rows' | 'sums';
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
  /** While the ballot is open: a count of this hall that its witness confirmed stands in until this one is confirmed. */
  earlier?: true;
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
