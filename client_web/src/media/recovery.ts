/** When a peer connection ails: first a new path (ICE restart), then a new connection; and how long to wait between tries. */

const GRACE_MS = 1_500; // 'disconnected' often heals by itself
const CONNECT_MS = 8_000; // an offer answered must connect within this
const RESTART_LIMIT = 2;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

export type Health = 'connecting' | 'live' | 'reconnecting';

export interface Remedies {
  restart(): void;
  rebuild(): void;
  changed(health: Health): void;
}

/** Pause before try number `attempt` (0 the first), in ms: doubles to 15 s, between half and all of it by the dice in [0, 1). */
export function pauseBefore(attempt: number, dice: number): number {
  const ceiling = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempt, 10));
  return Math.round(ceiling * (0.5 + dice / 2));
}

/** Watches one RTCPeerConnection for its whole life; `stop` is idempotent and leaves no timer behind. */
export class Recovery {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private restarts = 0;
  private stopped = false;
  private wasLive = false;

  private readonly connection: RTCPeerConnection;
  private readonly remedies: Remedies;

  constructor(
    connection: RTCPeerConnection,
    remedies: Remedies,
  ) {
    this.connection = connection;
    this.remedies = remedies;
    connection.addEventListener('connectionstatechange', this.look);
  }

  /** The answer is in place: from now on the connection has 8 s to come up. */
  expect(): void {
    if (this.connection.connectionState !== 'connected') this.arm(CONNECT_MS, this.escalate);
  }

  /** Another network: the old path is probably dead, do not wait for it to be noticed. */
  networkChanged(): void {
    if (!this.stopped && this.wasLive) this.escalate();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.connection.removeEventListener('connectionstatechange', this.look);
  }

  private readonly look = (): void => {
    const state = this.connection.connectionState;
    if (this.stopped) return;
    if (state === 'connected') {
      clearTimeout(this.timer);
      this.restarts = 0;
      this.wasLive = true;
      this.remedies.changed('live');
    } else if (state === 'disconnected') {
      this.remedies.changed('reconnecting');
      this.arm(GRACE_MS, this.escalate);
    } else if (state === 'failed') {
      this.remedies.changed('reconnecting');
      this.escalate();
    } else if (state === 'closed') {
      this.remedies.rebuild(); // nobody but us closes it, and we stop() first
    }
  };

  private readonly escalate = (): void => {
    if (this.stopped) return;
    if (!this.wasLive || this.restarts >= RESTART_LIMIT) {
      this.stop();
      this.remedies.rebuild();
      return;
    }
    this.restarts += 1;
    this.arm(CONNECT_MS, this.check);
    this.remedies.restart();
  };

  private readonly check = (): void => {
    if (this.connection.connectionState === 'connected') this.restarts = 0;
    else this.escalate();
  };

  private arm(ms: number, then: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(then, ms);
  }
}
