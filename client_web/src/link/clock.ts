/** The server's clock as seen from here: an offset, taken from the answer that came back fastest. */

export class ServerClock {
  #offset = 0;
  #bestRoundTrip = Infinity;
  #local: () => number;

  constructor(local: () => number = Date.now) {
    this.#local = local;
  }

  now(): number {
    return this.#local() + this.#offset;
  }

  local(): number {
    return this.#local();
  }

  /** `serverNow` was read while a request sent at `sentAt` (local ms) was being answered. */
  learn(serverNow: number, sentAt: number): void {
    const arrived = this.#local();
    const roundTrip = arrived - sentAt;
    if (roundTrip > this.#bestRoundTrip) return;
    this.#bestRoundTrip = roundTrip;
    this.#offset = serverNow - (sentAt + roundTrip / 2);
  }

  /** After a cut the local clock may have been set or slept: measure anew. */
  forget(): void {
    this.#bestRoundTrip = Infinity;
  }
}
