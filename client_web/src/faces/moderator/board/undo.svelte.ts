/**
 * Taking one's own last move back, where that is honest: the card goes to the status and the place it had, as a move of its own that is on
 * record like any other. Once anybody touched the card again, there is nothing left to take back. Decisions and withdrawals stand.
 */
import { COLUMN_OF, type ProposalStatus } from '../../../wire/protocol';
import type { Store } from '../store';
import type { Proposal } from './search';
import { owesReason, stepsFrom } from './steps';

/** What a card was before it was moved. */
export interface Before {
  card: Proposal;
  /** The cards behind it in its column, nearest first. */
  behind: readonly string[];
}

export interface Moved extends Before {
  kind: 'move';
  to: ProposalStatus;
  /** As the move left it. */
  version: number;
}
interface Merged {
  kind: 'merge';
  into: string;
  version: number;
  title: string;
  cards: readonly string[];
}
export type Step = Moved | Merged;

const BEHIND_MOST = 50;

export function beforeMove(store: Store, card: Proposal): Before {
  const column = COLUMN_OF[card.status];
  const all = store.list('proposal');
  const place = all.findIndex((one) => one.id === card.id);
  const behind = place < 0 ? [] : all.slice(place + 1).filter((one) => COLUMN_OF[one.status] === column).slice(0, BEHIND_MOST);
  return { card, behind: behind.map((one) => one.id) };
}

export class Undo {
  #step = $state.raw<Step | null>(null);
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** What can be taken back now, or null. */
  get step(): Step | null {
    const step = this.#step;
    if (step === null) return null;
    const id = step.kind === 'move' ? step.card.id : step.into;
    const now = this.#store.get('proposal', id);
    // before the frame of one's own move the card is still the older one
    return now && now.version <= step.version ? step : null;
  }

  /** A move of one's own was recorded: the card has `version` and stands in `to`. */
  moved(before: Before, to: ProposalStatus, version: number): void {
    const { card } = before;
    const back = to === card.status || stepsFrom(to).includes(card.status);
    this.#step = back ? { kind: 'move', ...before, to, version } : null;
  }

  merged(into: string, version: number, title: string, cards: readonly string[]): void {
    this.#step = { kind: 'merge', into, version, title, cards };
  }

  clear(): void {
    this.#step = null;
  }

  /** The move that takes `step` back. */
  move(step: Moved): Record<string, unknown> {
    const { card, version, behind } = step;
    const column = COLUMN_OF[card.status];
    const before = behind.find((id) => COLUMN_OF[this.#store.get('proposal', id)?.status ?? 'WITHDRAWN'] === column) ?? null;
    const reason = owesReason(card.status) ? { reason_code: card.reason_code || 'OTHER', reason: card.reason ?? '' } : {};
    return { proposal: card.id, base: version, status: card.status, before, ...reason };
  }
}
