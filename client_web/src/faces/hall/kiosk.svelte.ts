/** One voter after another on the hall's own screen. What a voter chose lives in this object alone, and only until the server has it. */
import { newKey, newTracker } from '../../link/random';
import type { Entity, Receipt } from '../../wire/protocol';
import { Act } from './act.svelte';
import { showAtKiosk } from './api';
import { d } from './devices';
import { openBallot } from './hands';
import type { Store } from './store';

export type Step = 'card' | 'paper' | 'sending' | 'thanks';

/** Not the rules' last word: the same vote goes again under the same key. */
const AGAIN = new Set(['held', 'rate_limited', 'internal', 'session_broken']);

interface Voter {
  credential: string;
  seat: string;
}

export class Kiosk {
  step = $state<Step>('card');
  receipt = $state.raw<Receipt | null>(null);
  readonly act: Act;
  readonly #store: Store;
  readonly #hall: string;
  readonly #pauseMs: number;
  #voter = $state.raw<Voter | null>(null);
  /** Who has voted on what at this kiosk, in memory alone: whoever comes again is told before a paper is filled in vain. */
  readonly #voted = new Set<string>();
  /** Grows with every voter: what an earlier one left under way touches nothing any more. */
  #turn = 0;

  constructor(store: Store, hall: string, pauseMs = 1500) {
    this.#store = store;
    this.#hall = hall;
    this.#pauseMs = pauseMs;
    this.act = new Act(store);
  }

  /** Whose card lies before us. */
  get seat(): string | null {
    return this.#voter?.seat ?? null;
  }

  /** A card is presented: its credential is held in memory, for this one vote. */
  async present(token: string): Promise<void> {
    const turn = ++this.#turn;
    const entry = await this.act.call('card', () => showAtKiosk(this.#store, token));
    if (entry === null || turn !== this.#turn) return;
    const { seat } = entry.identity;
    if (seat === null) return this.act.refuse('no_seat');
    const known = this.#store.get('seat', seat);
    const home = known && known.hall !== this.#hall ? this.#store.get('hall', known.hall) : undefined;
    if (home) {
      this.act.refuse('wrong_hall', { hall: home.id, name: home.name });
      if (this.act.refused) this.act.refused = { ...this.act.refused, why: d('kiosk.home'), next: d('kiosk.home.next', { name: home.name }) };
      return;
    }
    if (this.#store.get('channel', seat)?.channel !== 'kiosk') return this.act.refuse('wrong_channel');
    const ballot = openBallot(this.#store, 'kiosk');
    if (ballot && this.#voted.has(`${ballot.id} ${seat}`) && !ballot.rule?.revote) return this.act.refuse('already_voted');
    this.#voter = { credential: entry.credential, seat };
    this.step = 'paper';
  }

  /** Sends until the server has spoken; then choices, credential and tracker are forgotten here. */
  async send(ballot: Entity<'ballot'>, choices: readonly string[]): Promise<void> {
    const voter = this.#voter;
    if (voter === null || this.step !== 'paper') return;
    const turn = this.#turn;
    this.step = 'sending';
    this.act.clear();
    const secret = ballot.secrecy !== 'open';
    const key = secret ? newTracker() : newKey();
    const payload = { ballot: ballot.id, choices: [...choices], key, ...(secret ? { tracker: key } : {}), credential: voter.credential };
    for (;;) {
      const ack = await this.#store.request('vote', payload);
      if (turn !== this.#turn) return;
      if (ack?.ok || ack?.code === 'already_voted') this.#voted.add(`${ballot.id} ${voter.seat}`);
      if (ack?.ok) {
        this.#voter = null;
        this.receipt = secret ? (ack['receipt'] as Receipt) : null;
        this.step = 'thanks';
        return;
      }
      if (ack && !AGAIN.has(ack.code)) {
        this.restart();
        return this.act.refuse(ack.code, ack.data);
      }
      await new Promise((resolve) => setTimeout(resolve, this.#pauseMs));
      if (turn !== this.#turn) return;
    }
  }

  /** For the next voter: nothing of the last one stays. */
  restart(): void {
    this.#turn += 1;
    this.#voter = null;
    this.receipt = null;
    this.step = 'card';
    this.act.clear();
  }
}
