/** The media of one page as reactive state: what is received, what is sent, what sounds. */
import type { Path } from './path';
import { Publisher, type PublisherView } from './publisher';
import { browserWorld, type Signal, type World } from './signal';
import { Speaker, type Player, type SpeakerView } from './speaker';
import { Subscriber, type HallStats, type SubscriberView, type Wish } from './subscriber';

export interface RoomParts {
  world?: World;
  makePlayer?: () => Player;
  streamOf?: (track: MediaStreamTrack) => MediaStream;
  /** Begin with sound on? The one device a room listens to says yes. */
  sound?: boolean;
}

/** Owns one subscriber, one publisher that sends only after `publish`, and the sound. `close` ends all of it. */
export class Room {
  receiving: SubscriberView = $state.raw({ health: 'idle', refusal: null, stage: [], thumbs: {}, audio: [] });
  sending: PublisherView | null = $state.raw(null);
  sound: SpeakerView = $state.raw({ blocked: false, on: true });
  readonly publisher: Publisher;
  readonly #subscriber: Subscriber;
  readonly #speaker: Speaker;
  #live = false;
  #wish: Wish | null = null;
  #publishing = false;

  constructor(signal: Signal, { world = browserWorld(), makePlayer, streamOf, sound = true }: RoomParts = {}) {
    this.#speaker = new Speaker((view) => (this.sound = view), makePlayer, sound);
    this.sound = this.#speaker.view;
    this.#subscriber = new Subscriber(
      signal,
      world,
      (view) => {
        this.receiving = view;
        this.#speaker.play(view.audio);
      },
      streamOf,
    );
    this.publisher = new Publisher(signal, world, (view) => (this.sending = view));
  }

  /** Tells whether the link to the server is live. Each time it comes (back) to life the server knows nothing of us. */
  linkIs(live: boolean): void {
    if (live === this.#live) return;
    this.#live = live;
    if (!live) return;
    this.#subscriber.relink();
    if (this.#wish !== null) this.#subscriber.show(this.#wish);
    if (this.#publishing) {
      this.publisher.relink();
      this.publisher.open();
    }
  }

  show(wish: Wish): void {
    this.#wish = wish;
    if (this.#live) this.#subscriber.show(wish);
  }

  /** Begins to send what `publisher.use` was given, as soon as the link is live. */
  publish(): void {
    this.#publishing = true;
    if (this.#live) this.publisher.open();
  }

  retry(): void {
    this.publisher.retry();
    this.#subscriber.retry();
  }

  /** From a tap: lets the voices sound. */
  hear(): Promise<void> {
    return this.#speaker.unblock();
  }

  silence(): void {
    this.#speaker.silence();
  }

  /** Whether what is received comes by a relay; null before anything is. */
  path(): Promise<Path | null> {
    return this.#subscriber.path();
  }

  stats(): Promise<Record<string, HallStats>> {
    return this.#subscriber.stats();
  }

  close(): void {
    this.publisher.close();
    this.#subscriber.close();
    this.#speaker.close();
  }
}
