/** The pictures of the halls on this page: what is wanted follows what is shown; sound stays off until someone asks for it. */
import { Speaker } from '../../media/speaker';
import { browserWorld } from '../../media/signal';
import { Subscriber, type SubscriberView } from '../../media/subscriber';
import { errorText, type ErrorText } from '../../text';
import type { Store } from './store';

const NOTHING: SubscriberView = { health: 'idle', refusal: null, stage: [], thumbs: {}, audio: [] };

export class Pictures {
  #view = $state.raw<SubscriberView>(NOTHING);
  /** The moderator hears the halls. Off at first: another device in the room plays them, and two would howl. */
  listening = $state(false);
  readonly #subscriber: Subscriber | null;
  readonly #speaker: Speaker | null;

  constructor(store: Store) {
    if (typeof RTCPeerConnection === 'undefined') {
      this.#subscriber = this.#speaker = null; // a browser without WebRTC still moderates
      return;
    }
    this.#speaker = new Speaker(() => undefined, () => new Audio(), false);
    this.#subscriber = new Subscriber(store, browserWorld(), (view) => {
      this.#view = view;
      this.#speaker?.play(view.audio);
    });
  }

  /** The plain reason why no pictures come, or null. */
  get refusal(): ErrorText | null {
    return this.#view.refusal === null ? null : errorText(this.#view.refusal);
  }

  thumb(hall: string): MediaStream | null {
    const feed = this.#view.thumbs[hall];
    return feed?.flowing ? feed.stream : null;
  }

  /** The stage picture of a hall, else its thumbnail. */
  stage(hall: string): MediaStream | null {
    const feed = this.#view.stage.find((one) => one.hall === hall && one.flowing);
    return feed?.stream ?? this.thumb(hall);
  }

  want(halls: readonly string[], stage: boolean): void {
    this.#subscriber?.show({ halls, stage, audio: this.listening });
  }

  /** The link to the server was made anew. */
  relink(): void {
    this.#subscriber?.relink();
  }

  listen(on: boolean): void {
    this.listening = on;
    if (on) void this.#speaker?.unblock();
    else this.#speaker?.silence();
  }

  close(): void {
    this.#subscriber?.close();
    this.#speaker?.close();
  }
}
