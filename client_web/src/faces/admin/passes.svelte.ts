/** Which seats and halls have a good card, as the server last told it. */
import { bearer, call } from '../../link/http';
import type { Plenary } from '../../state/plenary.svelte';

export interface Card {
  pass: string;
  role: string;
  seat: string | null;
  hall: string | null;
  agency?: string | null;
  expires_at: number;
  revoked: boolean;
}
export type Desk = Pick<Plenary, 'credential' | 'list' | 'now'>;
/** Cards that are wanted, and how many of those are there. */
export interface Tally {
  all: number;
  done: number;
}

export class Passes {
  readonly #desk: Desk;
  readonly #path: string;
  /** null until the server answered once. */
  cards = $state.raw<Card[] | null>(null);
  readonly #held = $derived.by(() => {
    const good = (this.cards ?? []).filter((card) => !card.revoked && card.expires_at > this.#desk.now());
    return {
      seats: new Set(good.flatMap((card) => (card.role === 'delegate' && card.seat ? [card.seat] : []))),
      agencies: new Set(good.flatMap((card) => (card.role === 'agency' && card.agency ? [card.agency.toLowerCase()] : []))),
      halls: new Set(good.flatMap((card) => (card.role === 'hall' && card.hall ? [card.hall] : []))),
    };
  });
  /** A card for each seat and one for the hall itself, by hall. */
  readonly tallies = $derived.by(() => {
    const found = new Map<string, Tally>();
    for (const hall of this.#desk.list('hall')) found.set(hall.id, { all: 1, done: this.#held.halls.has(hall.id) ? 1 : 0 });
    for (const seat of this.#desk.list('seat')) {
      const tally = found.get(seat.hall);
      if (!tally) continue;
      tally.all += 1;
      if (this.#held.seats.has(seat.id)) tally.done += 1;
    }
    return found;
  });

  constructor(desk: Desk, session: string) {
    this.#desk = desk;
    this.#path = `/api/sessions/${encodeURIComponent(session)}/passes`;
  }

  /** hall: '' for all. */
  of(hall: string): Tally {
    if (hall) return this.tallies.get(hall) ?? { all: 0, done: 0 };
    return [...this.tallies.values()].reduce((sum, one) => ({ all: sum.all + one.all, done: sum.done + one.done }), { all: 0, done: 0 });
  }

  has(seat: string): boolean {
    return this.#held.seats.has(seat);
  }

  /** Agencies are compared as the server compares them: upper and lower case alike. */
  agency(name: string): boolean {
    return this.#held.agencies.has(name.toLowerCase());
  }

  async look(): Promise<void> {
    const answer = await call<{ passes: Card[] }>(this.#path, bearer(this.#desk.credential ?? ''));
    if (answer?.ok) this.cards = answer.body.passes;
  }
}
