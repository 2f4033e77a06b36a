/** One panel's way to act: knows that an answer is awaited, and keeps a refusal where the person looks. */
import type { Answer } from '../../link/http';
import { errorText, type ErrorText } from '../../text';
import type { Store } from './store';

export class Act {
  /** The tag of the act whose answer is awaited. */
  busy = $state<string | null>(null);
  refused = $state.raw<(ErrorText & { code: string }) | null>(null);
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** True when done; false when refused (then `refused` says why), or when another act still waits. */
  async run(name: string, data: Record<string, unknown> = {}, tag: string = name): Promise<boolean> {
    const done = await this.call(tag, async () => {
      const answer = await this.#store.command(name, data);
      return answer.ok ? { ok: true, body: answer.result } : answer;
    });
    return done !== null;
  }

  /** The same for an HTTP call; no answer at all counts as `no_answer`. */
  async call<T>(tag: string, ask: () => Promise<Answer<T> | null>): Promise<T | null> {
    if (this.busy !== null) return null;
    this.busy = tag;
    this.refused = null;
    try {
      const answer = (await ask()) ?? { ok: false as const, code: 'no_answer', data: {} };
      if (answer.ok) return answer.body;
      this.refuse(answer.code, answer.data);
      return null;
    } finally {
      this.busy = null;
    }
  }

  refuse(code: string, data: Record<string, unknown> = {}): void {
    this.refused = { ...errorText(code, data), code };
  }

  clear(): void {
    this.refused = null;
  }
}
