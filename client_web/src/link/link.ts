/** Keeps one face joined to its session: exchanges the pass, connects, catches up, and comes back after every cut. */
import type { Replica } from '../state/replica';
import type { Ack, Bye, Exchange, FaceName, Frame, Identity, Me, PageKind, Snapshot, SyncAck } from '../wire/protocol';
import { backoffMs, pause } from './backoff';
import type { ServerClock } from './clock';
import { dropCredential, loadCredential, saveCredential, takeToken, type Credential } from './credential';
import { exchangePass, fetchColumns, fetchSnapshot, type Answer } from './http';
import type { MakeWire, Wire } from './wire';

export type LinkStatus = 'exchanging' | 'connecting' | 'live' | 'reconnecting' | 'refused' | 'ended';

export interface LinkListener {
  status(status: LinkStatus): void;
  refusal(code: string, data: Record<string, unknown>): void;
  /** Local ms of the next try, or null while trying or joined. */
  retryAt(at: number | null): void;
  identity(identity: Identity): void;
  me(me: Me): void;
  /** Whether the server keeps us out because its database does not answer. */
  storage(away: boolean): void;
  /** `turnout`, `presence`, `media` and `notice` messages, as they came. */
  message(event: string, payload: unknown): void;
}

export interface LinkParts {
  face: FaceName;
  replica: Replica;
  clock: ServerClock;
  listener: LinkListener;
  makeWire: MakeWire;
  dice?: () => number;
  /** What an earlier page left of the session; asked once, before the server is. */
  kept?: (() => Promise<Snapshot | null>) | undefined;
  /** Moves over to the group session that `me` names, and back when it ends. */
  follow?: boolean;
  /** What a hall's page is; said at every connection. */
  page?: PageKind | undefined;
}

export const ANSWER_MS = 10_000;
const DISK_MS = 800;
/** Refusals that no waiting cures. */
export const FINAL = new Set(['credential_unknown', 'credential_expired', 'pass_unknown', 'pass_expired', 'pass_revoked', 'pass_moved', 'logged_out']);

/** Another device holds the card: with its PIN, or once the hall has released it, this one may. */
export const CLAIMED = new Set(['pass_claimed', 'pin_wrong', 'pin_spent']);

/** A group that is not there for this card (any more): the page belongs at home. */
const GONE = new Set(['unknown_session', 'forbidden', 'session_sealed']);

export class Link {
  readonly #parts: LinkParts;
  readonly #dice: () => number;
  #status: LinkStatus = 'connecting';
  #credential: Credential | null = null;
  #wire: Wire | null = null;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** Grows with every connection, so that answers belonging to an older one are dropped. */
  #connection = 0;
  #syncing = false;
  #syncAgain = false;
  #snapshotUnderWay: Promise<boolean> | null = null;
  /** The session whose kept board was asked for. */
  #remembered: string | null = null;
  /** The group session the page is in; null at home. */
  #group: string | null = null;
  /** The group it came back from; not entered again until the plenary has named another, or none. */
  #left: string | null = null;
  #next: () => void = () => {};
  /** Of a card that was not let in yet, and may be. */
  #token: string | null = null;

  constructor(parts: LinkParts) {
    this.#parts = parts;
    this.#dice = parts.dice ?? Math.random;
  }

  get credential(): string | null {
    return this.#credential?.credential ?? null;
  }

  /** The group session the page is in, or is moving to; null at home. */
  get group(): string | null {
    return this.#group;
  }

  get live(): boolean {
    return this.#status === 'live';
  }

  start(): void {
    const token = takeToken();
    if (token !== null) return void this.#exchange(token);
    const kept = loadCredential(this.#parts.face);
    if (!kept) return this.#refuse('no_pass', {});
    this.#admit(kept);
  }

  /** The person asked for it, or the browser came back online: try now if a try is being waited for. */
  retryNow(): void {
    if (this.#timer === null) return;
    this.#clearTimer();
    this.#next();
  }

  /** After `replaced` take the place back; after a refusal that may pass, ask again. After any other nothing happens. */
  resume(): void {
    if (this.#status !== 'refused') return;
    if (this.#credential) this.#admit(this.#credential);
    else if (this.#token !== null) void this.#exchange(this.#token);
  }

  /** Takes over a card that another device holds. Resolves with why not, or null once this page is let in. */
  async claim(pin: string): Promise<{ code: string; data: Record<string, unknown> } | null> {
    if (this.#token === null) return { code: 'no_pass', data: {} };
    const sentAt = this.#parts.clock.local();
    const answer = await exchangePass(this.#token, pin);
    if (answer === null) return { code: 'no_answer', data: {} };
    if (answer.ok) {
      this.#enter(answer.body, sentAt);
      return null;
    }
    if (FINAL.has(answer.code)) this.#refuse(answer.code, answer.data);
    return answer;
  }

  close(): void {
    this.#clearTimer();
    this.#connection += 1;
    this.#wire?.close();
    this.#wire = null;
  }

  async request(event: string, payload: unknown, timeoutMs = ANSWER_MS): Promise<Ack | null> {
    return (await this.#wire?.request(event, payload, timeoutMs)) ?? null;
  }

  /** The connection looks open and answers nothing: drop it and come back. */
  shake(): void {
    if (this.#status !== 'live') return;
    this.#wire?.close();
    this.#lost();
  }

  // ── getting in ─────────────────────────────────────────────────────────────
  async #exchange(token: string): Promise<void> {
    this.#setStatus('exchanging');
    const sentAt = this.#parts.clock.local();
    const answer = await exchangePass(token, '', true);
    const held = answer !== null && !answer.ok && answer.code === 'held';
    this.#parts.listener.storage(held);
    if (answer === null || held) return this.#later(() => void this.#exchange(token));
    if (answer.ok) return this.#enter(answer.body, sentAt);
    this.#token = FINAL.has(answer.code) ? null : token;
    this.#refuse(answer.code, answer.data);
  }

  #enter({ credential, identity, server_now }: Exchange, sentAt: number): void {
    this.#parts.clock.learn(server_now, sentAt);
    this.#attempt = 0;
    this.#token = null;
    saveCredential(this.#parts.face, { credential, identity });
    this.#admit({ credential, identity });
  }

  #admit(credential: Credential): void {
    this.#credential = credential;
    this.#parts.listener.identity(credential.identity);
    this.#setStatus('connecting');
    this.#connect();
    if (this.#parts.replica.last === null) void this.#snapshot();
  }

  // ── the connection ─────────────────────────────────────────────────────────
  #connect(): void {
    if (!this.#credential) return;
    this.#parts.listener.retryAt(null);
    this.#connection += 1;
    const mine = this.#connection;
    const current = (): boolean => mine === this.#connection;
    const listener = {
      up: () => current() && this.#up(),
      down: () => current() && this.#lost(),
      failed: (code: string | null) => current() && this.#failed(code),
      message: (event: string, payload: unknown) => current() && this.#heard(event, payload),
    };
    this.#wire = this.#parts.makeWire(this.#credential.credential, listener, this.#group ?? undefined, this.#parts.page);
    this.#wire.open();
  }

  #lost(): void {
    this.#connection += 1;
    this.#wire = null;
    this.#parts.clock.forget();
    this.#setStatus('reconnecting');
    this.#later(() => this.#connect());
  }

  #up(): void {
    this.#parts.listener.storage(false); // it lets nobody in otherwise
    void this.#sync();
  }

  #failed(code: string | null): void {
    if (code === null || code === 'server_full' || code === 'held') {
      this.#lost();
      return this.#parts.listener.storage(code === 'held');
    }
    if (this.#group !== null && !FINAL.has(code)) return this.#home();
    this.#refuse(code, {});
  }

  #heard(event: string, payload: unknown): void {
    if (event === 'frame') return this.#frame(payload as Frame);
    if (event === 'me') return this.#me(payload as Me);
    if (event === 'bye') return this.#bye((payload as Bye).code);
    this.#parts.listener.message(event, payload);
  }

  #frame(frame: Frame): void {
    const merged = this.#parts.replica.merge(frame);
    if (merged === 'gap' && this.#parts.replica.last !== null) void this.#sync();
    else if (merged === 'applied') this.#homeWhenOver();
  }

  #bye(code: string): void {
    if (code === 'session_sealed' && this.#group !== null) return this.#home();
    if (code === 'session_sealed') {
      this.close();
      return this.#setStatus('ended');
    }
    if (code === 'replaced' || FINAL.has(code)) return this.#refuse(code, {});
    // any other farewell is followed by the socket closing: come back
  }

  // ── group sessions ─────────────────────────────────────────────────────────
  #me(me: Me): void {
    this.#parts.listener.me(me);
    if (!this.#parts.follow || this.#group !== null) return;
    const group = me.group ?? null;
    if (group !== this.#left) this.#left = null;
    if (group !== null && group !== this.#left) this.#move(group);
  }

  /** A group that is closed has nothing left to do; whoever leads the plenary may close it for good at any time. */
  #homeWhenOver(): void {
    if (this.#group === null) return;
    const phase = this.#parts.replica.table('session').get(this.#group)?.phase;
    if (phase === 'closed' || phase === 'sealed') this.#home();
  }

  #home(): void {
    this.#left = this.#group;
    this.#move(null);
  }

  /** Same card, another session: nothing of the one is merged into the other. */
  #move(group: string | null): void {
    if (!this.#credential) return;
    this.close();
    this.#group = group;
    this.#parts.replica.last = null;
    this.#parts.clock.forget();
    const { identity } = this.#credential;
    this.#parts.listener.identity({ ...identity, session: group ?? identity.session });
    this.#setStatus('connecting');
    this.#connect();
  }

  // ── catching up ────────────────────────────────────────────────────────────
  async #sync(): Promise<void> {
    if (this.#syncing) {
      this.#syncAgain = true;
      return;
    }
    this.#syncing = true;
    try {
      do {
        this.#syncAgain = false;
        await this.#catchUp(this.#connection);
      } while (this.#syncAgain);
    } finally {
      this.#syncing = false;
    }
  }

  /** One conversation until the server says frames continue from where we are, or the connection is lost. */
  async #catchUp(mine: number): Promise<void> {
    const { replica, clock, listener } = this.#parts;
    for (let turn = 0; mine === this.#connection; turn += 1) {
      if (turn > 1) await pause(backoffMs(turn - 2, this.#dice()));
      if (replica.last === null && !(await this.#snapshot())) continue;
      if (mine !== this.#connection) break;
      const sentAt = clock.local();
      const ack = await this.request('sync', { after: replica.last });
      if (mine !== this.#connection) break;
      if (ack === null) {
        this.#wire?.close();
        return this.#lost();
      }
      if (!ack.ok) {
        if (FINAL.has(ack.code)) return this.#refuse(ack.code, ack.data);
        continue;
      }
      const synced = ack as unknown as SyncAck;
      clock.learn(synced.server_now, sentAt);
      this.#me(synced.me);
      if (mine !== this.#connection) break;
      if (!synced.resync) return this.#joined();
      replica.last = null;
    }
  }

  #joined(): void {
    this.#attempt = 0;
    this.#parts.listener.retryAt(null);
    this.#setStatus('live');
  }

  /** True when the replica holds a snapshot. Concurrent callers share one request. */
  #snapshot(): Promise<boolean> {
    this.#snapshotUnderWay ??= this.#fetchSnapshot().finally(() => {
      this.#snapshotUnderWay = null;
    });
    return this.#snapshotUnderWay;
  }

  async #fetchSnapshot(): Promise<boolean> {
    if (!this.#credential) return false;
    const held = this.#credential;
    const group = this.#group;
    const session = group ?? held.identity.session;
    if (await this.#remember(session)) return true;
    if (held !== this.#credential || group !== this.#group) return false;
    const fetched = this.#parts.face === 'participant' ? fetchColumns : fetchSnapshot;
    const answer: Answer<Snapshot> | null = await fetched(session, held.credential);
    if (held !== this.#credential || group !== this.#group || answer === null) return false;
    if (!answer.ok) {
      if (FINAL.has(answer.code)) this.#refuse(answer.code, answer.data);
      else if (group !== null && GONE.has(answer.code)) this.#home();
      return false;
    }
    this.#parts.replica.replace(answer.body);
    this.#homeWhenOver();
    return true;
  }

  /** The board of the last visit. A slow disk is not waited for, but may still bring it before the server does. */
  async #remember(session: string): Promise<boolean> {
    const { kept, replica } = this.#parts;
    if (!kept || this.#remembered === session) return false;
    this.#remembered = session;
    const use = (found: Snapshot | null): boolean => {
      const now = this.#group ?? this.#credential?.identity.session;
      if (!found || found.session !== session || now !== session || replica.last !== null) return false;
      replica.replace(found);
      return true;
    };
    return Promise.race([kept().then(use, () => false), pause(DISK_MS).then(() => false)]);
  }

  // ── states ─────────────────────────────────────────────────────────────────
  #setStatus(status: LinkStatus): void {
    if (this.#status === status) return;
    this.#status = status;
    this.#parts.listener.status(status);
  }

  #refuse(code: string, data: Record<string, unknown>): void {
    this.close();
    if (this.#credential && FINAL.has(code)) {
      dropCredential(this.#parts.face, this.#credential.credential);
      this.#credential = null;
    }
    this.#parts.listener.retryAt(null);
    this.#parts.listener.refusal(code, data);
    this.#setStatus('refused');
  }

  #later(next: () => void): void {
    this.#clearTimer();
    const wait = backoffMs(this.#attempt, this.#dice());
    this.#attempt += 1;
    this.#next = next;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      next();
    }, wait);
    this.#parts.listener.retryAt(this.#parts.clock.local() + wait);
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
