/** A file on its way to a proposal: how much of it is sent, what it was refused for, and one key for every try. */
import type { Answer } from '../../../link/http';
import { newKey } from '../../../link/random';

type Send = (onprogress: (part: number) => void, key: string) => Promise<Answer<unknown>>;

export class Upload {
  /** What is sent, 0–1; null while nothing is under way. */
  part = $state<number | null>(null);
  failed = $state.raw<{ code: string; data: Record<string, unknown> } | null>(null);
  /** What can be tried again: with the same key, so that it is never there twice. */
  last = $state.raw<{ file: File; kind: string; key: string } | null>(null);

  /** Whether the file has arrived. `kind`: another one of the same file is another intention. */
  async send(file: File, kind: string, most: number, send: Send): Promise<boolean> {
    if (this.part !== null) return false;
    this.failed = null;
    if (file.size > most) return this.fail('too_large');
    this.last = this.last?.file === file && this.last.kind === kind ? this.last : { file, kind, key: newKey() };
    this.part = 0;
    const answer = await send((part) => (this.part = part), this.last.key);
    this.part = null;
    if (!answer.ok) return this.fail(answer.code, answer.data);
    this.last = null;
    return true;
  }

  fail(code: string, data: Record<string, unknown> = {}): false {
    this.failed = { code, data };
    return false;
  }

  /** Something else than a file that is handed in begins, or failed: there is nothing to try again. */
  forget(): void {
    this.failed = null;
    this.last = null;
  }
}
