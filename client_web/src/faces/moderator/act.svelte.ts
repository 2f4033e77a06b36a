/** One panel's way to act: gives a command, knows that its answer is awaited, and keeps a refusal where the person looks. */
import { errorText, type ErrorText } from '../../text';
import type { Answer, Store } from './store';
import { m } from './text';
import id from './text.id';

export interface Refusal extends ErrorText {
  code: string;
  data: Record<string, unknown>;
}

/** The shared text of a code, or the one meant for who leads the session. */
function refusalText(code: string, data: Record<string, unknown>): ErrorText {
  const key = `refused.${code}`;
  if (!(key in id)) return errorText(code, data);
  const [what = '', why = '', next = ''] = m(key as keyof typeof id).split('|');
  return { what, why, next };
}

export class Act {
  /** The tag of the command whose answer is awaited. */
  busy = $state<string | null>(null);
  refusal = $state<Refusal | null>(null);
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Resolves with the result, or with null when refused (then `refusal` says why). A second press meanwhile does nothing. */
  async run(name: string, data: Record<string, unknown> = {}, tag: string = name): Promise<Record<string, unknown> | null> {
    if (this.busy !== null) return null;
    this.busy = tag;
    this.refusal = null;
    let answer: Answer;
    try {
      answer = await this.#store.command(name, data);
    } catch {
      answer = { ok: false, code: 'unknown', data: {} };
    } finally {
      this.busy = null;
    }
    if (answer.ok) return answer.result;
    this.refusal = { ...refusalText(answer.code, answer.data), code: answer.code, data: answer.data };
    return null;
  }

  clear(): void {
    this.refusal = null;
  }
}
