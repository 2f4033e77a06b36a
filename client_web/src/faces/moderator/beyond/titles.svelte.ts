/** Titles of other sessions, which this session's own entities know by their ids alone. */
import type { SessionFields } from '../../../wire/protocol';

interface Snapshot {
  changes: { kind: string; fields: Partial<SessionFields> | null }[];
}

export class Titles {
  #known = $state.raw<Record<string, string>>({});
  readonly #asked = new Set<string>();
  #last: Promise<void> = Promise.resolve();

  /** Its title, or its id until the server has answered. */
  of(session: string): string {
    return this.#known[session] ?? session;
  }

  /** Asks for those not asked for before, one after the other: what everybody may see of a session holds its title. */
  ask(sessions: readonly string[]): void {
    for (const session of sessions) {
      if (this.#asked.has(session)) continue;
      this.#asked.add(session);
      this.#last = this.#last.then(() => this.#fetch(session));
    }
  }

  async #fetch(session: string): Promise<void> {
    try {
      const response = await fetch(`/api/public/${session}/snapshot`);
      if (!response.ok) return;
      const { changes } = (await response.json()) as Snapshot;
      const title = changes.find((change) => change.kind === 'session')?.fields?.title;
      if (title !== undefined) this.#known = { ...this.#known, [session]: title };
    } catch {
      this.#asked.delete(session); // no answer: the next dialog asks again
    }
  }
}

/** One for the page. */
export const titles = new Titles();
