/** The sending half: one peer connection with microphone, thumbnail, HD and slides, kept alive through cuts. */

import { adjust, encodingFor } from './encodings';
import { NO_READING, readLink, Steady, type LinkReading } from './quality';
import { giveRelays } from '../link/relays';
import { pauseBefore, Recovery, type Health } from './recovery';
import type { Ack } from '../wire/protocol';
import { ask, type MediaEvent, type Signal, type Source, type World } from './signal';

const STATS_EVERY_MS = 5_000;
const RESET_SPREAD_MS = 1_000;

export interface PublisherView {
  readonly health: Health | 'idle' | 'unavailable';
  /** Code of the last refusal while `unavailable` or still trying, else null. */
  readonly refusal: string | null;
  readonly muted: boolean;
  readonly cameraOff: boolean;
  readonly sharing: boolean;
  /** Sources somebody watches now. */
  readonly wanted: readonly Source[];
  readonly link: LinkReading;
}

type Tracks = Partial<Record<Source, MediaStreamTrack>>;

const ORDER: readonly Source[] = ['mic', 'camera', 'camera_hd', 'slides'];
const OWN = ['mic', 'camera', 'camera_hd'] as const;
const HINTS: Record<Source, string> = { mic: 'speech', camera: 'motion', camera_hd: 'motion', slides: 'detail' };

export class Publisher {
  private current: PublisherView = {
    health: 'idle',
    refusal: null,
    muted: false,
    cameraOff: false,
    sharing: false,
    wanted: ['mic', 'camera'],
    link: NO_READING,
  };
  private signing = false;
  private readonly tracks: Tracks = {};
  private readonly steady = new Steady();
  private connection: RTCPeerConnection | null = null;
  private recovery: Recovery | null = null;
  private senders = new Map<Source, RTCRtpTransceiver>();
  private attempt = 0;
  private pause: ReturnType<typeof setTimeout> | undefined;
  private poll: ReturnType<typeof setInterval> | undefined;
  private negotiation: Promise<void> = Promise.resolve();
  private readonly off: (() => void)[];
  private state: 'idle' | 'open' | 'closed' = 'idle';

  private readonly signal: Signal;
  private readonly world: World;
  private readonly changed: (view: PublisherView) => void;

  constructor(
    signal: Signal,
    world: World,
    changed: (view: PublisherView) => void,
  ) {
    this.signal = signal;
    this.world = world;
    this.changed = changed;
    this.off = [signal.onMedia(this.hear), world.onNetworkChange(() => this.recovery?.networkChanged())];
  }

  get view(): PublisherView {
    return this.current;
  }

  /** Begins to publish what was given by `use`; calling it again is harmless. */
  open(): void {
    if (this.state !== 'idle') return;
    this.state = 'open';
    this.poll = setInterval(() => void this.measure(), STATS_EVERY_MS);
    this.build();
  }

  /** Sets or replaces microphone and camera. They stay the caller's (preview and meter go on while muted); our clones end with us. */
  async use(mic: MediaStreamTrack | null, camera: MediaStreamTrack | null): Promise<void> {
    const had = this.shape();
    for (const source of OWN) {
      this.tracks[source]?.stop();
      this.put(source, (source === 'mic' ? mic : camera)?.clone() ?? null);
      this.hint(source);
    }
    this.applySwitches();
    await this.settle(had);
  }

  /** Shows slides (a captured window) beside the camera, or stops with null. */
  async share(slides: MediaStreamTrack | null): Promise<void> {
    const had = this.shape();
    this.put('slides', slides);
    this.hint('slides');
    if (slides !== null) slides.onended = () => void this.share(null);
    this.set({ sharing: slides !== null });
    await this.settle(had);
  }

  setMuted(muted: boolean): void {
    this.set({ muted });
    this.applySwitches();
  }

  setCameraOff(cameraOff: boolean): void {
    this.set({ cameraOff });
    this.applySwitches();
    void this.adjustAll();
  }

  /** Whether this camera shows the sign language interpreter: its small picture is then sent finer. */
  setSigning(signing: boolean): void {
    if (signing === this.signing) return;
    this.signing = signing;
    void this.adjustAll();
  }

  /** The link to the server was re-made: the server forgot us, publish again at once. */
  relink(): void {
    if (this.state === 'open') this.rebuild(0);
  }

  /** A person pressed 'try now'. */
  retry(): void {
    this.attempt = 0;
    this.relink();
  }

  close(): void {
    if (this.state === 'closed') return;
    const wasOpen = this.state === 'open';
    this.state = 'closed';
    clearInterval(this.poll);
    clearTimeout(this.pause);
    for (const off of this.off) off();
    this.drop();
    for (const source of ORDER) this.tracks[source]?.stop();
    if (wasOpen) void ask(this.signal, 'leave', { what: 'publish' });
    this.set({ health: 'idle', link: NO_READING });
  }

  async stats(): Promise<RTCStatsReport | null> {
    return (await this.connection?.getStats()) ?? null;
  }

  private readonly hear = (event: MediaEvent): void => {
    if (event.event === 'want') {
      this.set({ wanted: event.sources });
      void this.adjustAll();
    } else if (event.event === 'reset' && this.state === 'open') {
      this.rebuild(Math.round(this.world.random() * RESET_SPREAD_MS));
    }
  };

  private shape(): string {
    return ORDER.filter((source) => this.tracks[source] !== undefined).join();
  }

  private put(source: Source, track: MediaStreamTrack | null): void {
    if (track === null) delete this.tracks[source];
    else this.tracks[source] = track;
  }

  private hint(source: Source): void {
    const track = this.tracks[source];
    if (track !== undefined) track.contentHint = HINTS[source];
  }

  private applySwitches(): void {
    const { mic, camera, camera_hd: hd } = this.tracks;
    if (mic !== undefined) mic.enabled = !this.current.muted;
    for (const track of [camera, hd]) if (track !== undefined) track.enabled = !this.current.cameraOff;
  }

  private isActive(source: Source): boolean {
    if (source === 'mic') return true;
    const isCamera = source !== 'slides';
    return this.current.wanted.includes(source) && !(isCamera && this.current.cameraOff);
  }

  private async adjustAll(): Promise<void> {
    await Promise.all([...this.senders].map(([source, { sender }]) => adjust(sender, source, this.isActive(source), this.signing)));
  }

  /** Same sources as before: swap the tracks under the running senders. Others: negotiate. */
  private async settle(had: string): Promise<void> {
    if (this.state !== 'open' || this.connection === null) return;
    for (const [source, { sender }] of this.senders) await sender.replaceTrack(this.tracks[source] ?? null).catch(() => undefined);
    if (had === this.shape()) await this.adjustAll();
    else await this.negotiate(this.connection, false);
  }

  private build(): void {
    this.drop();
    const connection = this.world.peer();
    this.connection = connection;
    this.recovery = new Recovery(connection, {
      restart: () => void this.negotiate(connection, true),
      rebuild: () => this.rebuild(this.nextPause()),
      changed: (health) => {
        if (health === 'live') this.attempt = 0;
        this.set({ health, refusal: health === 'live' ? null : this.current.refusal });
      },
    });
    this.set({ health: this.current.health === 'idle' ? 'connecting' : 'reconnecting' });
    void this.negotiate(connection, false);
  }

  private rebuild(delayMs: number): void {
    this.drop();
    if (this.state !== 'open') return;
    if (this.current.health !== 'unavailable') this.set({ health: 'reconnecting' });
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.build(), delayMs);
  }

  private nextPause(): number {
    return pauseBefore(this.attempt++, this.world.random());
  }

  private drop(): void {
    clearTimeout(this.pause);
    this.recovery?.stop();
    this.recovery = null;
    this.connection?.close();
    this.connection = null;
    this.senders = new Map();
    this.negotiation = Promise.resolve(); // an exchange of the old connection may hang on a lost answer: do not queue behind it
  }

  /** One negotiation after the other; an exchange for a connection that was replaced meanwhile is dropped. */
  private negotiate(connection: RTCPeerConnection, iceRestart: boolean): Promise<void> {
    const turn = this.negotiation.then(async () => {
      if (connection !== this.connection) return;
      try {
        await this.exchange(connection, iceRestart);
      } catch {
        if (connection === this.connection) this.rebuild(this.nextPause());
      }
    });
    this.negotiation = turn;
    return turn;
  }

  private async exchange(connection: RTCPeerConnection, iceRestart: boolean): Promise<void> {
    await giveRelays(this.signal, connection);
    if (connection !== this.connection) return;
    this.addSenders(connection);
    if (this.senders.size === 0) return; // nothing to send yet: `use` will come back here
    await connection.setLocalDescription(await connection.createOffer({ iceRestart }));
    const tracks = [...this.senders].flatMap(([source, { mid }]) => (mid !== null && this.tracks[source] !== undefined ? [{ mid, source }] : []));
    const ack = await ask(this.signal, 'publish', { sdp: connection.localDescription?.sdp ?? '', tracks });
    if (connection !== this.connection) return;
    const sdp = ack.ok ? ack['sdp'] : undefined;
    if (typeof sdp !== 'string') {
      this.refused(ack);
      return;
    }
    await connection.setRemoteDescription({ type: 'answer', sdp });
    this.recovery?.expect();
    await this.adjustAll();
  }

  private addSenders(connection: RTCPeerConnection): void {
    for (const source of ORDER) {
      const track = this.tracks[source];
      const existing = this.senders.get(source);
      if (existing !== undefined) {
        existing.direction = track === undefined ? 'inactive' : 'sendonly';
      } else if (track !== undefined) {
        const sendEncodings = [encodingFor(source, track, this.isActive(source), this.signing)];
        this.senders.set(source, connection.addTransceiver(track, { direction: 'sendonly', sendEncodings }));
      }
    }
  }

  /** The server said no or nothing: say why, try again later. Tell-tale codes of a plane that is away are shown as such. */
  private refused(ack: Ack): void {
    const code = ack.ok ? 'bad_sdp' : ack.code;
    const retryAfter = ack.ok ? undefined : ack.data['retry_after_ms'];
    const away = code === 'media_unavailable' || code === 'media_full' || code === 'forbidden';
    this.set({ health: away ? 'unavailable' : this.current.health, refusal: code });
    this.rebuild(Math.max(this.nextPause(), typeof retryAfter === 'number' ? retryAfter : 0));
  }

  private async measure(): Promise<void> {
    const connection = this.connection;
    if (connection === null || connection.connectionState !== 'connected') return;
    const report = await connection.getStats().catch(() => null);
    if (report === null || connection !== this.connection) return;
    const reading = readLink([...report.values()] as Record<string, unknown>[]);
    this.set({ link: { ...reading, score: this.steady.next(reading.score) } });
  }

  private set(part: Partial<PublisherView>): void {
    this.current = { ...this.current, ...part };
    this.changed(this.current);
  }
}
