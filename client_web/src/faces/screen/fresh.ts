/** Notices that the server has another version of this page and loads it: nobody stands before a screen to do so. */
import { loadCredential } from '../../link/credential';
import { keepInTab, keptInTab } from '../../link/tab';

const LIVE_MS = 600_000;
const AWAY_MS = 30_000;
/** Before the same version is tried again: something on the way may still hand out the old page. */
const AGAIN_MS = 900_000;
const MARK = 'pleno.screen.version';

/** The script a page starts with: its name changes with any part of the client. Null when the page names none. */
export const scriptOf = (html: string): string | null => /<script type="module"[^>]* src="([^"]+)"/.exec(html)?.[1] ?? null;

export interface FreshParts {
  /** The script this page was started with; null: it is not known, and nothing is ever loaded. */
  own?: string | null;
  reload?: () => void;
}

export class Fresh {
  readonly #own: string | null;
  readonly #reload: () => void;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(parts: FreshParts = {}) {
    this.#own = parts.own === undefined ? (document.querySelector('script[type="module"][src]')?.getAttribute('src') ?? null) : parts.own;
    this.#reload = parts.reload ?? (() => location.reload());
  }

  /** Looks whenever the link comes (back) to life, and now and then: seldom while it lives, often while it does not. */
  linkIs(live: boolean): void {
    clearInterval(this.#timer);
    if (live) void this.look();
    this.#timer = setInterval(() => void this.look(), live ? LIVE_MS : AWAY_MS);
  }

  /** Asks for the page. It is loaded only once the server has answered with another, and only if it can get in again. */
  async look(): Promise<void> {
    if (this.#own === null) return;
    const theirs = await fetch(location.pathname, { cache: 'no-cache' }).then(
      async (answer) => (answer.ok ? scriptOf(await answer.text()) : null),
      () => null,
    );
    if (theirs === null || theirs === this.#own || loadCredential('screen') === null || !this.#first(theirs)) return;
    this.#reload();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Whether this version has not just been tried; it counts as tried from now on. */
  #first(script: string): boolean {
    const [name, at] = (keptInTab(MARK) ?? '').split(' ');
    if (name === script && Date.now() - Number(at) < AGAIN_MS) return false;
    return keepInTab(MARK, `${script} ${Date.now()}`); // without a mark it might load for ever
  }
}
