/** The window for the room's own projector: a second window of this page. It has no connection, card or sound of its own; the hall's page draws in it. */
import { untrack } from 'svelte';
import { keepInTab, keptInTab } from '../../link/tab';
import { Displays } from './displays.svelte';
import { h } from './text';

export const VIEWS = ['follow', 'stage', 'board', 'ballot', 'join'] as const;
/** What the window shows: what the moderator chose, or one thing that the operator chose. */
export type View = (typeof VIEWS)[number];
/** `blocked`: the browser let no window open. `failed`: it is open, and what it shows could not be fetched. */
export type SecondState = 'closed' | 'opening' | 'open' | 'blocked' | 'failed';

/** Draws into an element of the window; the returned function takes it away. */
export type Draw = (target: HTMLElement) => () => void;

export interface SecondParts {
  /** Fetches what draws, when a window first needs it. */
  load: () => Promise<Draw>;
  /** As `window.open`. */
  open?: (url: string, name: string, features: string) => Window | null;
  lookMs?: number;
}

const NAME = 'pleno-layar-aula';
export const PAGE = '/layar.html';
const KEPT = 'pleno.hall.layar';
const LOOK_MS = 300;
const STYLES_MS = 3_000;

export class SecondScreen {
  state: SecondState = $state('closed');
  /** The halls whose small pictures it needs. */
  wanted: readonly string[] = $state.raw([]);
  #view: View = $state('follow');
  /** Where the window belongs; looked at while somebody may open it. */
  readonly displays = new Displays();
  readonly #parts: SecondParts;
  #window: Window | null = null;
  /** The document that was last drawn in: another one means that somebody reloaded the window. */
  #drawn: Document | null = null;
  #end: (() => void) | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(parts: SecondParts) {
    this.#parts = parts;
  }

  get view(): View {
    return this.#view;
  }

  get on(): boolean {
    return this.state === 'opening' || this.state === 'open';
  }

  show(view: View): void {
    this.#view = view;
    if (this.#window) keep(view);
  }

  want(halls: readonly string[]): void {
    untrack(() => {
      if (halls.join() !== this.wanted.join()) this.wanted = halls;
    });
  }

  /** From a tap: browsers open windows for no other reason. A window that is open already comes to the front. */
  open(): void {
    if (this.#window && !this.#window.closed && this.state === 'open') return this.#window.focus();
    const opened = this.#open(PAGE, this.displays.features ?? 'popup,width=1280,height=720');
    if (opened === null) {
      this.state = 'blocked';
      return;
    }
    this.#take(opened);
  }

  /** After a reload of the hall's page: the window is still there and is found again by its name. */
  resume(): void {
    const view = kept();
    if (view === null) return;
    const found = this.#open('', '');
    if (found === null || found.location.pathname !== PAGE) {
      found?.close(); // an empty one that was just made: ours had been closed
      return keep(null);
    }
    this.#view = view;
    this.#take(found);
  }

  /** The hall's page is going away, perhaps to come back: the window says that it waits. */
  leave(): void {
    clearInterval(this.#timer);
    this.#clear();
    this.#window = null;
    this.state = 'closed';
  }

  close(): void {
    const mine = this.#window;
    this.leave();
    keep(null);
    mine?.close();
  }

  #open(url: string, features: string): Window | null {
    try {
      return (this.#parts.open ?? window.open.bind(window))(url, NAME, features);
    } catch {
      return null;
    }
  }

  #take(opened: Window): void {
    clearInterval(this.#timer);
    this.#clear();
    this.#window = opened;
    this.state = 'opening';
    keep(this.#view);
    this.#timer = setInterval(() => this.#look(), this.#parts.lookMs ?? LOOK_MS);
  }

  #look(): void {
    const mine = this.#window;
    if (mine === null) return;
    if (mine.closed) return this.close();
    const page = ownPage(mine);
    if (page === null || page === this.#drawn) return;
    this.#clear();
    this.#drawn = page;
    this.state = 'opening';
    void this.#draw(page);
  }

  async #draw(page: Document): Promise<void> {
    try {
      const draw = await this.#parts.load();
      await dress(page);
      const target = page.getElementById('layar');
      if (this.#drawn !== page || target === null) return;
      this.#end = draw(target);
      waiting(page, false);
      this.state = 'open';
    } catch {
      if (this.#drawn === page) this.state = 'failed';
    }
  }

  #clear(): void {
    const page = this.#drawn;
    this.#drawn = null;
    this.#end?.();
    this.#end = null;
    this.want([]);
    if (page !== null) waiting(page, true);
  }
}

/** The window's document once it is ours and whole; null while it loads or shows something else. */
function ownPage(opened: Window): Document | null {
  try {
    const page = opened.document;
    return opened.location.pathname === PAGE && page.readyState !== 'loading' ? page : null;
  } catch {
    return null; // somebody went elsewhere in it
  }
}

function waiting(page: Document, on: boolean): void {
  const words = page.getElementById('tunggu');
  if (words) words.hidden = !on;
}

/** The window wears the styles of this page and the look of a big screen. */
async function dress(page: Document): Promise<void> {
  const root = page.documentElement;
  root.lang = document.documentElement.lang;
  root.dataset['face'] = 'screen';
  root.dataset['theme'] = 'dark';
  page.title = `${h('second.window')} · Pleno`;
  const [title, detail] = page.querySelectorAll('#tunggu > *');
  if (title) title.textContent = h('second.waiting');
  if (detail) detail.textContent = h('second.waiting.detail');
  for (const old of page.head.querySelectorAll('[data-style]')) old.remove();
  const coming: Promise<unknown>[] = [];
  for (const sheet of document.querySelectorAll<HTMLLinkElement | HTMLStyleElement>('link[rel="stylesheet"], style')) {
    const copy = page.importNode(sheet, true);
    copy.dataset['style'] = '';
    if (sheet instanceof HTMLLinkElement) {
      (copy as HTMLLinkElement).href = sheet.href;
      coming.push(new Promise((done) => (copy.onload = copy.onerror = done)));
    }
    page.head.append(copy);
  }
  await Promise.race([Promise.all(coming), new Promise((done) => setTimeout(done, STYLES_MS))]);
}

function kept(): View | null {
  const found = keptInTab(KEPT);
  return VIEWS.find((view) => view === found) ?? null;
}

const keep = (view: View | null): void => void keepInTab(KEPT, view);
