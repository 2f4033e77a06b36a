/** The displays of this laptop, as far as the browser tells (Window Management API): where a window for the projector belongs. */

export interface Display {
  readonly availLeft: number;
  readonly availTop: number;
  readonly availWidth: number;
  readonly availHeight: number;
}
interface Details extends EventTarget {
  readonly screens: readonly Display[];
  readonly currentScreen: Display;
}
/**
 * `unknown`: this browser never tells. `one`: there is one display only. `ask`: there are more, and the browser asks the
 * person before it tells which. `denied`: it was told not to. `ready`: a window can be opened on the other one.
 */
export type DisplaysState = 'unknown' | 'one' | 'ask' | 'denied' | 'ready';

type Asking = Window & { getScreenDetails?: () => Promise<Details> };
type Extended = Screen & { isExtended?: boolean } & EventTarget;

export class Displays {
  state: DisplaysState = $state('unknown');
  /** The display that is not this page's. */
  other: Display | null = $state.raw(null);
  readonly #page: Asking;
  #details: Details | null = null;
  #undo: (() => void)[] = [];

  constructor(page: Window = window) {
    this.#page = page as Asking;
  }

  /** Looks, and goes on looking: a projector is plugged in at any time. Asks nobody anything. */
  start(): void {
    const screen = this.#page.screen as Extended;
    if (!this.#page.getScreenDetails || screen.isExtended === undefined) return;
    this.#listen(screen, 'change', () => void this.#look());
    void this.#look();
  }

  /** From a tap: the browser asks the person, once. */
  async ask(): Promise<void> {
    try {
      const details = await this.#page.getScreenDetails?.();
      if (!details) return;
      if (details !== this.#details) {
        this.#details = details;
        for (const change of ['screenschange', 'currentscreenchange']) this.#listen(details, change, () => this.#find());
      }
      this.#find();
    } catch {
      const allowed = await this.#allowed();
      if (allowed === 'granted' && this.#details) return this.#find(); // allowed meanwhile, and asked again by that
      this.other = null;
      this.state = allowed === 'denied' ? 'denied' : 'ask'; // a question put away may come again
    }
  }

  /** Where `window.open` puts a window: on the other display, as large as that; null where the browser decides. */
  get features(): string | null {
    const { other } = this;
    return other && `popup,left=${other.availLeft},top=${other.availTop},width=${other.availWidth},height=${other.availHeight}`;
  }

  close(): void {
    for (const undo of this.#undo.splice(0)) undo();
    this.#details = null;
  }

  async #look(): Promise<void> {
    if (!(this.#page.screen as Extended).isExtended) {
      this.other = null;
      this.state = 'one';
      return;
    }
    if (this.#details) return this.#find();
    const allowed = await this.#allowed();
    if (allowed === 'granted') return this.ask();
    this.state = allowed === 'denied' ? 'denied' : 'ask';
  }

  async #allowed(): Promise<PermissionState> {
    try {
      const found = await this.#page.navigator.permissions.query({ name: 'window-management' as PermissionName });
      if (this.#undo.length < 2) this.#listen(found, 'change', () => void this.#look());
      return found.state;
    } catch {
      return 'prompt';
    }
  }

  #find(): void {
    const { screens = [], currentScreen } = this.#details ?? {};
    this.other = screens.find((one) => one !== currentScreen) ?? null;
    this.state = this.other ? 'ready' : 'one';
  }

  #listen(target: EventTarget, event: string, run: () => void): void {
    target.addEventListener(event, run);
    this.#undo.push(() => target.removeEventListener(event, run));
  }
}
