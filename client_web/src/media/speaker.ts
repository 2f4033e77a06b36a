/** Plays the halls' voices: one audio element a track, and the knowledge of whether the browser lets us. */

import type { Feed } from './subscriber';

export interface SpeakerView {
  /** The browser wants a tap before it plays sound (autoplay policy). */
  readonly blocked: boolean;
  readonly on: boolean;
}

export type Player = Pick<HTMLAudioElement, 'srcObject' | 'muted' | 'play' | 'pause' | 'autoplay'>;

export class Speaker {
  private readonly players = new Map<string, Player>();
  private current: SpeakerView;

  private readonly changed: (view: SpeakerView) => void;
  private readonly make: () => Player;

  constructor(
    changed: (view: SpeakerView) => void,
    make: () => Player = () => new Audio(),
    on = true,
  ) {
    this.changed = changed;
    this.make = make;
    this.current = { blocked: false, on };
  }

  get view(): SpeakerView {
    return this.current;
  }

  /** Follows the feeds: new ones start, gone ones stop. */
  play(feeds: readonly Feed[]): void {
    const present = new Set(feeds.map((feed) => feed.mid));
    for (const [mid, player] of this.players) if (!present.has(mid)) this.end(mid, player);
    for (const { mid, stream } of feeds) {
      const player = this.players.get(mid) ?? this.start(mid);
      if (player.srcObject !== stream) {
        player.srcObject = stream;
        if (this.current.on) void this.sound(player);
      }
    }
  }

  /** Called from a tap: the browser then allows sound. */
  async unblock(): Promise<void> {
    this.set({ on: true, blocked: false });
    for (const player of this.players.values()) player.muted = false;
    await Promise.all([...this.players.values()].map((player) => this.sound(player)));
  }

  silence(): void {
    this.set({ on: false });
    for (const player of this.players.values()) player.muted = true;
  }

  close(): void {
    for (const [mid, player] of this.players) this.end(mid, player);
  }

  private start(mid: string): Player {
    const player = this.make();
    player.autoplay = false;
    player.muted = !this.current.on;
    this.players.set(mid, player);
    return player;
  }

  private async sound(player: Player): Promise<void> {
    try {
      await player.play();
    } catch (error) {
      const name = error instanceof Error || error instanceof DOMException ? error.name : '';
      if (name === 'NotAllowedError') this.set({ blocked: true });
    }
  }

  private end(mid: string, player: Player): void {
    player.pause();
    player.srcObject = null;
    this.players.delete(mid);
  }

  private set(part: Partial<SpeakerView>): void {
    this.current = { ...this.current, ...part };
    this.changed(this.current);
  }
}
