/** Acts of a person: which are worth sending however late, and what is kept of one that was refused. */

import type { Parcel } from '../link/shelf';

/** An act the server refused, kept for the person until dismissed. The choices of a vote are not in it. */
export interface RefusedAct {
  key: string;
  event: 'command' | 'vote';
  /** The command's name, or `vote`. */
  name: string;
  ballot: string | null;
  code: string;
  data: Record<string, unknown>;
}

/**
 * These are worth sending however late: the server checks them against `base`, the queue or the ballot. All others
 * mean "now"; without an answer within PATIENCE_MS they are given up as `no_answer`.
 */
export const DURABLE = new Set(['floor.request', 'floor.withdraw', 'proposal.add', 'proposal.edit', 'proposal.move', 'proposal.withdraw']);
export const PATIENCE_MS = 20_000;

export const nameOf = (parcel: Parcel): string => (parcel.event === 'vote' ? 'vote' : String(parcel.payload['name']));
export const ballotOf = (parcel: Parcel): string | null =>
  parcel.event === 'vote' ? String(parcel.payload['ballot']) : null;
