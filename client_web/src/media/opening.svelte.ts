/** An opening that is cast here: its stage's picture and sound, received beside the own session. Nothing is ever sent to it. */
import { SideLine, type SideState } from '../link/side';
import type { MakeWire } from '../link/wire';
import { Room, type RoomParts } from './room.svelte';
import type { SpeakerView } from './speaker';

export interface OpeningParts {
  makeWire?: MakeWire;
  dice?: () => number;
  room?: RoomParts;
}

/** What the buttons for sound need; a `Room` is one. */
export interface Sounding {
  readonly sound: SpeakerView;
  hear(): Promise<void>;
  silence(): void;
}

export class Opening {
  state: 'off' | SideState = $state('off');
  /** There while an opening is followed. */
  room: Room | null = $state.raw(null);
  readonly #parts: OpeningParts;
  #line: SideLine | null = null;
  #source: string | null = null;

  constructor(parts: OpeningParts = {}) {
    this.#parts = parts;
  }

  /** Joins the session that is cast here; null leaves. `sound`: begin with sound on? */
  follow(source: string | null, credential: string | null, sound = true): void {
    const next = credential === null ? null : source;
    if (next === this.#source) return;
    this.close();
    if (next === null || credential === null) return;
    this.#source = next;
    const line = new SideLine({
      credential,
      session: next,
      changed: (state) => {
        this.state = state;
        this.room?.linkIs(state === 'live');
      },
      ...(this.#parts.makeWire ? { makeWire: this.#parts.makeWire } : {}),
      ...(this.#parts.dice ? { dice: this.#parts.dice } : {}),
    });
    this.#line = line;
    this.room = new Room(line, { ...this.#parts.room, sound });
    line.open();
  }

  /** Asks for its stage and its voices, or rests: the connection stays, nothing flows. */
  show(on: boolean): void {
    this.room?.show({ halls: [], stage: on, audio: on });
  }

  close(): void {
    this.#source = null;
    this.room?.close();
    this.#line?.close();
    this.#line = null;
    this.room = null;
    this.state = 'off';
  }
}

/** One switch for the sound of a place: its own session's and the opening's. */
export const together = (own: Sounding, opening: Opening): Sounding => ({
  get sound() {
    return { on: own.sound.on, blocked: own.sound.blocked || (opening.room?.sound.blocked ?? false) };
  },
  hear: async () => void (await Promise.all([own.hear(), opening.room?.hear()])),
  silence: () => {
    own.silence();
    opening.room?.silence();
  },
});
