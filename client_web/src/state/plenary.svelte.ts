/** The plenary as a page sees it: reactive state kept true by the link, and the acts a person may do. */
import { ServerClock } from '../link/clock';
import { fetchDetails } from '../link/http';
import type { Keeper } from '../link/kept';
import { Link, type LinkParts, type LinkStatus } from '../link/link';
import { Outbox, type Outcome, type Waiting } from '../link/outbox';
import { newKey, newTracker } from '../link/random';
import { memoryShelf, openShelf, type Shelf } from '../link/shelf';
import { pageWire } from '../link/choose';
import type { MakeWire } from '../link/wire';
import {
  type Ack,
  type Entity,
  type FaceName,
  type Identity,
  type Kind,
  type Me,
  type MediaEvent,
  type MediaMethod,
  type Notice,
  type PageKind,
  type Presence,
  type PresenceMessage,
  type Receipt,
  type Refusal,
  type Snapshot,
  type Turnout,
} from '../wire/protocol';
import { ballotOf, DURABLE, nameOf, PATIENCE_MS, type RefusedAct } from './acts';
import { onNextFrame } from './frame';
import { Lists } from './lists.svelte';
import { Replica } from './replica';

export type CommandAnswer = { ok: true; seq: number; result: Record<string, unknown> } | Refusal;
export type VoteAnswer = { ok: true; receipt: Receipt } | Refusal;
export type MediaListener = (event: MediaEvent) => void;
export { PATIENCE_MS, type RefusedAct };

/** Within this what was held goes out once storage is back: there are thousands of phones, and few of all others. */
const HURRY_MS = { phones: 1_500, desks: 300 };

export interface PlenaryParts {
  makeWire?: MakeWire;
  openShelf?: () => Promise<Shelf>;
  /** Where the board is kept for the next opening; without it, it is not. */
  keeper?: Keeper;
  /** What a hall's page is: the hall itself, or a tablet beside it. */
  page?: PageKind;
  dice?: () => number;
}

export class Plenary {
  readonly face: FaceName;
  readonly #clock = new ServerClock();
  readonly #replica: Replica;
  readonly #link: Link;
  readonly #outbox: Outbox;
  readonly #mediaListeners = new Set<MediaListener>();
  readonly #openShelf: () => Promise<Shelf>;
  readonly #keeper: Keeper | undefined;
  #shelf: Promise<Shelf> = Promise.resolve(memoryShelf());
  #votes = new Map<string, Promise<VoteAnswer>>();
  readonly #lists: Lists;
  #stale = new Set<Kind>();
  #undo: (() => void)[] = [];

  #loaded = $state.raw(false);
  #status = $state.raw<LinkStatus>('connecting');
  #refusal = $state.raw<{ code: string; data: Record<string, unknown> } | null>(null);
  #retryAt = $state.raw<number | null>(null);
  #identity = $state.raw<Identity | null>(null);
  #me = $state.raw<Me | null>(null);
  #group = $state.raw<string | null>(null);
  #storageAway = $state.raw(false);
  #presence = $state.raw<Record<string, Presence>>({});
  #participants = $state.raw(0);
  #turnout = $state.raw<Record<string, { cast: number; of: number }>>({});
  #receipts = $state.raw<Record<string, Receipt>>({});
  #waiting = $state.raw<readonly Waiting[]>([]);
  #refusedActs = $state.raw<readonly RefusedAct[]>([]);
  #wasLive = $state.raw(false);
  #delivered = $state.raw(0);
  #updatedAt = $state.raw<number | null>(null);
  #tick = $state.raw(0);
  /** When the board on the screen was put away, until the server has spoken. */
  #keptAt: number | null = null;

  constructor(face: FaceName, parts: PlenaryParts = {}) {
    this.face = face;
    this.#openShelf = parts.openShelf ?? openShelf;
    this.#keeper = parts.keeper;
    this.#replica = new Replica((kinds) => this.#touch(kinds));
    this.#lists = new Lists(this.#replica);
    const dice = parts.dice ? { dice: parts.dice } : {};
    const linkParts: LinkParts = {
      face,
      replica: this.#replica,
      clock: this.#clock,
      makeWire: parts.makeWire ?? pageWire,
      follow: face === 'participant' || face === 'hall',
      page: parts.page,
      kept: parts.keeper && (() => this.#remember()),
      listener: {
        status: (status) => this.#onStatus(status),
        refusal: (code, data) => (this.#refusal = { code, data }),
        retryAt: (at) => (this.#retryAt = at),
        identity: (identity) => this.#onIdentity(identity),
        me: (me) => this.#onMe(me),
        storage: (away) => this.#storageIs(away),
        message: (event, payload) => this.#onMessage(event, payload),
      },
      ...dice,
    };
    this.#link = new Link(linkParts);
    this.#outbox = new Outbox({
      shelf: () => this.#shelf,
      request: (event, payload, timeoutMs) => this.#link.request(event, payload, timeoutMs),
      live: () => this.#link.live,
      ours: (parcel) => parcel.owner === this.#owner(),
      deaf: () => this.#link.shake(),
      holding: () => this.#storageAway,
      changed: (waiting) => (this.#waiting = waiting),
      settled: (parcel, outcome) => this.#onSettled(parcel, outcome),
      ...dice,
    });
  }

  /** Joins the session. Call once, in the browser. */
  start(): void {
    this.#shelf = this.#openShelf();
    const second = (): void => {
      this.#tick += 1;
      timer = setTimeout(second, 1000 - (this.#clock.now() % 1000));
    };
    let timer = setTimeout(second, 0);
    const listen = (target: EventTarget, event: string, run: () => void): void => {
      target.addEventListener(event, run);
      this.#undo.push(() => target.removeEventListener(event, run));
    };
    listen(window, 'online', () => this.retryNow());
    listen(window, 'offline', () => this.#link.shake());
    listen(document, 'visibilitychange', () => document.visibilityState === 'visible' && this.retryNow());
    listen(window, 'hashchange', () => location.hash.length > 16 && location.reload());
    this.#undo.push(() => clearTimeout(timer), () => this.#link.close());
    this.#link.start();
  }

  close(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }

  // ── state of the connection ────────────────────────────────────────────────
  get status(): LinkStatus {
    return this.#status;
  }

  get refusal(): { code: string; data: Record<string, unknown> } | null {
    return this.#refusal;
  }

  /** Whole seconds until the next try; null while trying, or joined. */
  get retryInSeconds(): number | null {
    void this.#tick;
    return this.#retryAt === null ? null : Math.max(0, Math.ceil((this.#retryAt - this.#clock.local()) / 1000));
  }

  /** A snapshot has been here: there is something to show, be it old. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Joined at least once since the page was opened: what follows is a *re*connection. */
  get wasLive(): boolean {
    return this.#wasLive;
  }

  /** Server ms of the last word heard; for "board last updated at". */
  get updatedAt(): number | null {
    return this.#updatedAt;
  }

  /** The server says that its database does not answer; what is sent is held until it does, and nobody is let in. */
  get storageAway(): boolean {
    return this.#storageAway;
  }

  retryNow(): void {
    this.#link.retryNow();
  }

  /** "Use it here", after another device took this card. */
  resume(): void {
    this.#refusal = null;
    this.#link.resume();
  }

  /** With the PIN of a card that another device holds, or without one once the hall has released it. */
  async claim(pin: string): Promise<{ code: string; data: Record<string, unknown> } | null> {
    const refused = await this.#link.claim(pin);
    if (refused === null) this.#refusal = null;
    return refused;
  }

  // ── who, and what is there ─────────────────────────────────────────────────
  get identity(): Identity | null {
    return this.#identity;
  }

  /** The group session this page moved over to; null at home. */
  get group(): string | null {
    return this.#group;
  }

  get me(): Me | null {
    return this.#me;
  }

  /** All entities of a kind in their stable order. The same array until something of that kind changes. */
  list<K extends Kind>(kind: K): Entity<K>[] {
    return this.#lists.list(kind);
  }

  /** The entity as `list` shows it: frames that came since the last redraw are in neither. */
  get<K extends Kind>(kind: K, id: string): Entity<K> | undefined {
    return this.table(kind).get(id);
  }

  /** All of a kind by id, for who asks after many. The same map until something of that kind changes. */
  table<K extends Kind>(kind: K): ReadonlyMap<string, Entity<K>> {
    return this.#lists.table(kind);
  }

  get session(): Entity<'session'> | undefined {
    return this.list('session')[0];
  }

  get floor(): Entity<'floor'> | undefined {
    return this.get('floor', 'floor');
  }

  get stage(): Entity<'stage'> | undefined {
    return this.get('stage', 'stage');
  }

  /** By hall; empty for classes that only hear the number of participants. */
  get presence(): Record<string, Presence> {
    return this.#presence;
  }

  get participants(): number {
    return this.#participants;
  }

  get turnout(): Record<string, { cast: number; of: number }> {
    return this.#turnout;
  }

  get receipts(): Record<string, Receipt> {
    return this.#receipts;
  }

  /** Server time in ms; a view that reads it is drawn again each second. */
  now(): number {
    void this.#tick;
    return this.#clock.now();
  }

  // ── the board of the last visit ────────────────────────────────────────────
  async #remember(): Promise<Snapshot | null> {
    const kept = await this.#keeper?.load(this.#owner() ?? '');
    if (!kept || this.#loaded) return null; // the server was sooner
    if (kept.me && !this.#me) this.#onMe(kept.me);
    this.#keptAt = kept.at;
    return kept.snapshot;
  }

  /** Puts the board away for the next opening; forgets it where the card is no good any more. */
  async keep(): Promise<void> {
    const owner = this.#owner();
    const { last } = this.#replica;
    const session = this.session?.id;
    if (owner === null || last === null || !session) return;
    const snapshot = { session, class: 'participant', after: 0, upto: last, server_now: this.#clock.now(), changes: this.#replica.changes() };
    await this.#keeper?.save(owner, snapshot, this.#me);
  }

  async forget(): Promise<void> {
    const owner = this.#owner();
    if (owner !== null) await this.#keeper?.drop(owner);
  }

  // ── acts ───────────────────────────────────────────────────────────────────
  get queued(): number {
    return this.#waiting.length;
  }

  /** What waits for an answer, oldest first. */
  get waiting(): readonly Waiting[] {
    return this.#waiting;
  }

  /** What the server refused, until dismissed. */
  get refusedActs(): readonly RefusedAct[] {
    return this.#refusedActs;
  }

  /** How many acts that had to wait through a cut have been answered since the last `dismissDelivered`. */
  get delivered(): number {
    return this.#delivered;
  }

  dismissDelivered(): void {
    this.#delivered = 0;
  }

  dismiss(key: string): void {
    this.#refusedActs = this.#refusedActs.filter((act) => act.key !== key);
  }

  /** Takes back an act that has not left yet. */
  cancel(key: string): Promise<boolean> {
    return this.#outbox.cancel(key);
  }

  async command(name: string, data: Record<string, unknown> = {}): Promise<CommandAnswer> {
    const owner = this.#owner();
    if (owner === null) return { ok: false, code: 'no_pass', data: {} };
    const key = newKey();
    const durable = DURABLE.has(name);
    const parcel = { key, owner, event: 'command' as const, payload: { key, name, data }, at: this.#clock.now() };
    const outcome = await this.#outbox.send(parcel, durable, durable ? null : Date.now() + PATIENCE_MS);
    if (!outcome.ok) return outcome;
    return {
      ok: true,
      seq: Number(outcome.ack['seq']),
      result: (outcome.ack['result'] ?? {}) as Record<string, unknown>,
    };
  }

  /** One intention a ballot at a time: a second call while the first waits joins it. */
  vote(ballot: string, choices: readonly string[]): Promise<VoteAnswer> {
    const pending = this.#votes.get(ballot);
    if (pending) return pending;
    const cast = this.#cast(ballot, choices).finally(() => this.#votes.delete(ballot));
    this.#votes.set(ballot, cast);
    return cast;
  }

  async #cast(ballot: string, choices: readonly string[]): Promise<VoteAnswer> {
    const owner = this.#owner();
    if (owner === null) return { ok: false, code: 'no_pass', data: {} };
    const secret = this.get('ballot', ballot)?.secrecy !== 'open';
    const key = secret ? newTracker() : newKey();
    const turn = this.#receipts[ballot]?.turn; // a vote that may be changed says how often it was
    const again = turn === undefined ? {} : { turn: turn + 1 };
    const payload = { ballot, choices: [...choices], key, ...(secret ? { tracker: key } : {}), ...again };
    const parcel = { key, owner, event: 'vote' as const, payload, at: this.#clock.now() };
    const outcome = await this.#outbox.send(parcel, true);
    return outcome.ok ? { ok: true, receipt: outcome.ack['receipt'] as Receipt } : outcome;
  }

  async details(proposal: string): Promise<Record<string, unknown>> {
    const credential = this.#link.credential;
    if (!credential || !this.#identity) throw new Error('no_pass');
    const answer = await fetchDetails(this.#identity.session, proposal, credential);
    if (answer === null) throw new Error('no_answer');
    if (!answer.ok) throw new Error(answer.code);
    return answer.body;
  }

  /** What the session's other HTTP calls are made with; null without a pass. */
  get credential(): string | null {
    return this.#link.credential;
  }

  /** One live request, kept nowhere and repeated by nobody but the caller; null = no answer. */
  async request(event: string, payload: Record<string, unknown>): Promise<Ack | null> {
    return this.#link.live ? this.#link.request(event, payload) : null;
  }

  // ── media signaling, passed through ────────────────────────────────────────
  async media(method: MediaMethod, payload: Record<string, unknown> = {}): Promise<Ack> {
    if (!this.#link.live) return { ok: false, code: 'no_answer', data: {} };
    const ack = await this.#link.request('media', { method, ...payload });
    return ack ?? { ok: false, code: 'no_answer', data: {} };
  }

  onMedia(listener: MediaListener): () => void {
    this.#mediaListeners.add(listener);
    return () => void this.#mediaListeners.delete(listener);
  }

  // ── what the link tells ────────────────────────────────────────────────────
  /** Many frames, one redraw: versions move once an animation frame. */
  #touch(kinds: ReadonlySet<Kind>): void {
    const waiting = this.#stale.size > 0;
    for (const kind of kinds) this.#stale.add(kind);
    if (!this.#loaded) return this.#show();
    if (!waiting) onNextFrame(() => this.#show());
  }

  #show(): void {
    this.#lists.renew(this.#stale);
    this.#stale.clear();
    this.#loaded = true;
    this.#updatedAt = this.#keptAt ?? this.#clock.now();
  }

  #onStatus(status: LinkStatus): void {
    this.#status = status;
    if (status !== 'live') this.#storageAway = false; // whoever answers next says so again
    if (status !== 'live') return;
    this.#wasLive = true;
    this.#refusal = null;
    this.#keptAt = null;
    this.#updatedAt = this.#clock.now();
    this.#outbox.flush();
  }

  #onIdentity(identity: Identity): void {
    this.#identity = identity;
    this.#group = this.#link.group;
    const owner = this.#owner() as string;
    void this.#shelf.then(async (shelf) => {
      await this.#outbox.restore(owner);
      for (const { receipt } of await shelf.receipts(owner)) this.#receive(receipt);
    });
  }

  #onMe(me: Me): void {
    this.#me = me;
    for (const receipt of Object.values(me.receipts ?? {})) this.#receive(receipt);
  }

  #onMessage(event: string, payload: unknown): void {
    if (event === 'presence') {
      const { halls, participants } = payload as PresenceMessage;
      if (halls) this.#presence = halls;
      this.#participants = participants;
    } else if (event === 'turnout') {
      const { ballot, cast, of } = payload as Turnout;
      this.#turnout = { ...this.#turnout, [ballot]: { cast, of } };
    } else if (event === 'notice') {
      this.#storageIs((payload as Notice).storage === 'away');
    } else if (event === 'media') {
      for (const listener of this.#mediaListeners) listener(payload as MediaEvent);
    }
  }

  /** 2,500 phones hold a vote each: they do not all send it in the same instant. */
  #storageIs(away: boolean): void {
    const within = this.face === 'participant' ? HURRY_MS.phones : HURRY_MS.desks;
    if (this.#storageAway && !away) setTimeout(() => this.#outbox.hurry(), Math.random() * within);
    this.#storageAway = away;
  }

  async #onSettled(parcel: Waiting, outcome: Outcome): Promise<void> {
    if (outcome.ok) {
      if (parcel.event === 'vote') await this.#keepReceipt(parcel.owner, outcome.ack['receipt'] as Receipt);
      if (parcel.waited) this.#delivered += 1;
      return;
    }
    if (outcome.code === 'cancelled') return;
    const act: RefusedAct = {
      key: parcel.key,
      event: parcel.event,
      name: nameOf(parcel),
      ballot: ballotOf(parcel),
      code: outcome.code,
      data: outcome.data,
    };
    this.#refusedActs = [...this.#refusedActs.slice(-19), act];
  }

  async #keepReceipt(owner: string, receipt: Receipt): Promise<void> {
    this.#receive(receipt);
    await (await this.#shelf).keep({ id: `${owner}/${receipt.ballot}`, owner, receipt });
  }

  #receive(receipt: Receipt): void {
    if ((this.#receipts[receipt.ballot]?.turn ?? 0) > (receipt.turn ?? 0)) return; // the disk came after the server
    this.#receipts = { ...this.#receipts, [receipt.ballot]: receipt };
  }

  #owner(): string | null {
    return this.#identity ? `${this.#identity.session}/${this.#identity.pass}` : null;
  }
}

/** The one plenary of a page, already joining. */
export function createPlenary(face: FaceName, parts: PlenaryParts = {}): Plenary {
  const plenary = new Plenary(face, parts);
  plenary.start();
  return plenary;
}
