/** What becomes of the entries of a form on their way to the server. */
import type { Plenary } from '../../state/plenary.svelte';
import { named } from './settings';

export class Saving {
  /** Why, for the record, once the session is open. */
  reason = $state('');
  busy = $state(false);
  saved = $state(false);
  refused = $state.raw<{ code: string; data: Record<string, unknown> } | null>(null);
  /** The field a refusal is about; empty for none. */
  readonly pointed = $derived(named(this.refused));

  /** Something was typed. */
  touch(): void {
    this.saved = false;
    this.refused = null;
  }

  undo(): void {
    this.reason = '';
    this.refused = null;
  }

  /** Whether it was taken. unchanged: whether what is typed is still what was sent. */
  async send(answer: ReturnType<Plenary['command']>, unchanged: () => boolean): Promise<boolean> {
    this.busy = true;
    const told = await answer;
    this.busy = false;
    this.saved = told.ok && unchanged();
    this.refused = told.ok ? null : told;
    if (told.ok) this.reason = '';
    return told.ok;
  }
}
