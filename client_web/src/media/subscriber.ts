/** The receiving half: answers the server's offers and says which hall is seen and heard on which track. */

import { readPath, type Path } from './path';
import { giveRelays, relaysOf } from '../link/relays';
import { pauseBefore, Recovery, type Health } from './recovery';
import { ask, type MediaEvent, type Signal, type Slot, type Slots, type World } from './signal';

const RESET_SPREAD_MS = 1_000;

export interface Wish {
  /** Halls whose thumbnail is wanted, most important first. */
  readonly halls: readonly string[];
  readonly stage: boolean;
  readonly audio: boolean;
}

export interface Feed {
  readonly mid: string;
  readonly hall: string;
  readonly source: string | null;
  /** The same object for the life of the m-line, so that a <video> is not restarted. */
  readonly stream: MediaStream;
  /** Packets have arrived and the track is not silenced by the far side. */
  readonly flowing: boolean;
}

export interface SubscriberView {
  readonly health: Health | 'idle' | 'unavailable';
  readonly refusal: string | null;
  readonly stage: readonly Feed[];
  readonly thumbs: Readonly<Record<string, Feed>>;
  readonly audio: readonly Feed[];
}

export interface HallStats {
  framesDecoded: number;
  width: number;
  height: number;
  bytes: number;
}

type Offer = Extract<MediaEvent, { event: 'offer' }>;

const EMPTY: SubscriberView = { health: 'idle', refusal: null, stage: [], thumbs: {}, audio: [] };

/** Joins slots and streams into what a face shows; a slot that points nowhere or has no track yet is left out. */
export function feedsOf(slots: Slots, tracks: ReadonlyMap<string, Heard>): Pick<SubscriberView, 'stage' | 'thumbs' | 'audio'> {
  const stage: Feed[] = [];
  const audio: Feed[] = [];
  const thumbs: Record<string, Feed> = {};
  for (const [mid, slot] of Object.entries(slots)) {
    const heard = tracks.get(mid);
    if (heard === undefined || slot.hall === null) continue;
    const feed: Feed = { mid, hall: slot.hall, source: slot.source, stream: heard.stream, flowing: !heard.track.muted };
    if (slot.use === 'stage') stage.push(feed);
    else if (slot.use === 'audio') audio.push(feed);
    else thumbs[slot.hall] ??= feed;
  }
  return { stage, thumbs, audio };
}

interface Heard {
  readonly track: MediaStreamTrack;
  readonly stream: MediaStream;
}

export class Subscriber {
  private current: SubscriberView = EMPTY;
  private wish: Wish | null = null;
  private sent = '';
  private slots: Slots = {};
  private heard = new Map<string, Heard>();
  private connection: RTCPeerConnection | null = null;
  private recovery: Recovery | null = null;
  private generation = -1;
  private pending: Offer | null = null;
  private answering = -1; // epoch in which an answer is being made
  private accepting = true;
  private attempt = 0;
  private epoch = 0;
  private pause: ReturnType<typeof setTimeout> | undefined;
  private readonly off: (() => void)[];
  private closed = false;

  private readonly signal: Signal;
  private readonly world: World;
  private readonly changed: (view: SubscriberView) => void;
  private readonly streamOf: (track: MediaStreamTrack) => MediaStream;

  constructor(
    signal: Signal,
    world: World,
    changed: (view: SubscriberView) => void,
    streamOf: (track: MediaStreamTrack) => MediaStream = (track) => new MediaStream([track]),
  ) {
    this.signal = signal;
    this.world = world;
    this.changed = changed;
    this.streamOf = streamOf;
    this.off = [signal.onMedia(this.hear), world.onNetworkChange(() => this.recovery?.networkChanged())];
  }

  get view(): SubscriberView {
    return this.current;
  }

  /** Says what this face shows now; sent only when it differs from what the server knows. */
  show(wish: Wish): void {
    this.wish = wish;
    if (this.current.health === 'idle') this.set({ health: 'connecting' });
    if (this.accepting && this.pause === undefined) void this.send();
  }

  /** The link to the server was re-made: the server forgot us. */
  relink(): void {
    if (this.wish !== null) this.rebuild(0, false);
  }

  retry(): void {
    this.attempt = 0;
    this.relink();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const off of this.off) off();
    this.drop();
    if (this.wish !== null) void ask(this.signal, 'leave', { what: 'subscribe' });
    this.set(EMPTY);
  }

  /** Frames decoded so far, per hall; a hall seen both on stage and as a thumbnail is summed, with the larger picture. */
  async stats(): Promise<Record<string, HallStats>> {
    const report = await this.connection?.getStats().catch(() => null);
    const halls: Record<string, HallStats> = {};
    for (const row of (report?.values() ?? []) as Iterable<Record<string, unknown>>) {
      const slot = row['type'] === 'inbound-rtp' && row['kind'] === 'video' ? this.slots[String(row['mid'])] : undefined;
      if (slot?.hall == null) continue;
      const sum = (halls[slot.hall] ??= { framesDecoded: 0, width: 0, height: 0, bytes: 0 });
      sum.framesDecoded += Number(row['framesDecoded'] ?? 0);
      sum.bytes += Number(row['bytesReceived'] ?? 0);
      sum.width = Math.max(sum.width, Number(row['frameWidth'] ?? 0));
      sum.height = Math.max(sum.height, Number(row['frameHeight'] ?? 0));
    }
    return halls;
  }

  /** The way its media takes now; null before it is connected. */
  async path(): Promise<Path | null> {
    const connection = this.connection;
    if (connection?.connectionState !== 'connected') return null;
    const report = await connection.getStats().catch(() => null);
    return report && readPath(report.values() as Iterable<Record<string, unknown>>);
  }

  private readonly hear = (event: MediaEvent): void => {
    if (this.closed || this.wish === null) return;
    if (event.event === 'offer') {
      if (!this.accepting) return; // made for the connection we just gave up
      if (event.generation <= Math.max(this.generation, this.pending?.generation ?? -1)) return; // overtaken
      this.pending = event;
      this.slots = event.slots; // at once: a `slots` event may follow before the answer is made
      void this.answerPending();
    } else if (event.event === 'slots') {
      this.slots = event.slots;
      this.publish();
    } else if (event.event === 'reset') {
      this.rebuild(Math.round(this.world.random() * RESET_SPREAD_MS), false);
    }
  };

  private async send(): Promise<void> {
    const wish = this.wish;
    if (wish === null || this.closed) return;
    const text = JSON.stringify(wish);
    if (text === this.sent) return;
    this.sent = text;
    const epoch = this.epoch;
    void relaysOf(this.signal); // answered by the time the offer comes
    const ack = await ask(this.signal, 'show', { halls: wish.halls, stage: wish.stage, audio: wish.audio });
    if (ack.ok || epoch !== this.epoch || this.closed) {
      if (ack.ok && this.current.refusal !== null) this.set({ refusal: null });
      return;
    }
    this.sent = '';
    const away = ack.code === 'media_unavailable' || ack.code === 'media_full' || ack.code === 'forbidden';
    if (this.connection === null) this.set({ health: away ? 'unavailable' : this.current.health, refusal: ack.code });
    this.later(this.nextPause(), () => void this.send());
  }

  /** Answers the newest offer only; offers are cumulative, so those in between may be skipped. */
  private async answerPending(): Promise<void> {
    const epoch = this.epoch;
    if (this.answering === epoch) return;
    this.answering = epoch;
    try {
      while (this.pending !== null && epoch === this.epoch) {
        const offer = this.pending;
        this.pending = null;
        await this.answer(offer);
      }
    } finally {
      if (this.answering === epoch) this.answering = -1;
    }
  }

  private async answer(offer: Offer): Promise<void> {
    const epoch = this.epoch;
    const connection = (this.connection ??= this.build());
    await giveRelays(this.signal, connection);
    if (epoch !== this.epoch) return;
    try {
      await connection.setRemoteDescription({ type: 'offer', sdp: offer.sdp });
      await connection.setLocalDescription(await connection.createAnswer());
    } catch {
      if (epoch === this.epoch) this.rebuild(this.nextPause(), true);
      return;
    }
    if (epoch !== this.epoch) return;
    this.generation = offer.generation;
    this.collect(connection);
    const ack = await ask(this.signal, 'answer', { sdp: connection.localDescription?.sdp ?? '', generation: offer.generation });
    if (epoch !== this.epoch) return;
    if (ack.ok) this.recovery?.expect();
    else if (ack.code !== 'stale_negotiation') this.rebuild(this.nextPause(), true); // stale: a newer offer is on its way
  }

  private build(): RTCPeerConnection {
    const connection = this.world.peer();
    this.recovery = new Recovery(connection, {
      restart: () => {
        void ask(this.signal, 'restart', {}).then((ack) => {
          if (!ack.ok && connection === this.connection && ack.code !== 'no_answer') this.rebuild(this.nextPause(), true);
        });
      },
      rebuild: () => this.rebuild(this.nextPause(), true),
      changed: (health) => {
        if (health === 'live') this.attempt = 0;
        this.set({ health, refusal: health === 'live' ? null : this.current.refusal });
      },
    });
    return connection;
  }

  /** Takes up the tracks of all m-lines; new ones get a stream and two listeners, the rest keep theirs. */
  private collect(connection: RTCPeerConnection): void {
    for (const { mid, receiver } of connection.getTransceivers()) {
      if (mid === null || this.heard.get(mid)?.track === receiver.track) continue;
      this.forget(mid);
      const { track } = receiver;
      track.addEventListener('mute', this.publish);
      track.addEventListener('unmute', this.publish);
      this.heard.set(mid, { track, stream: this.streamOf(track) });
    }
    this.publish();
  }

  private forget(mid: string): void {
    const heard = this.heard.get(mid);
    heard?.track.removeEventListener('mute', this.publish);
    heard?.track.removeEventListener('unmute', this.publish);
    this.heard.delete(mid);
  }

  private rebuild(delayMs: number, tellServer: boolean): void {
    this.drop();
    if (this.closed) return;
    this.accepting = false;
    if (this.current.health !== 'unavailable') this.set({ health: this.current.health === 'connecting' ? 'connecting' : 'reconnecting' });
    const epoch = this.epoch;
    this.later(delayMs, () => {
      const left = tellServer ? ask(this.signal, 'leave', { what: 'subscribe' }) : Promise.resolve();
      void left.then(() => {
        if (epoch !== this.epoch || this.closed) return;
        this.accepting = true;
        void this.send();
      });
    });
  }

  private drop(): void {
    this.epoch += 1;
    clearTimeout(this.pause);
    this.pause = undefined;
    this.recovery?.stop();
    this.recovery = null;
    this.connection?.close();
    this.connection = null;
    for (const mid of [...this.heard.keys()]) this.forget(mid);
    this.slots = {};
    this.generation = -1;
    this.pending = null;
    this.sent = '';
    this.publish();
  }

  private later(ms: number, then: () => void): void {
    clearTimeout(this.pause);
    this.pause = setTimeout(() => {
      this.pause = undefined;
      then();
    }, ms);
  }

  private nextPause(): number {
    return pauseBefore(this.attempt++, this.world.random());
  }

  private readonly publish = (): void => {
    this.set(feedsOf(this.slots, this.heard));
  };

  private set(part: Partial<SubscriberView>): void {
    this.current = { ...this.current, ...part };
    this.changed(this.current);
  }
}

export type { Slot };
