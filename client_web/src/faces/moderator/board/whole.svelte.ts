/** Everything about one proposal, which its card does not hold: fetched, and fetched anew whenever the card changed. */
import type { Store } from '../store';
import type { Photo, ProposalDocument } from './remote';
import type { Proposal } from './search';

export class Whole {
  /** null until it is here. */
  found = $state.raw<Record<string, unknown> | null>(null);
  /** The code of why it did not come. */
  failed = $state<string | null>(null);
  #tries = $state(0);
  #of = '';

  /** Call in a component; `proposal` reads its current card. */
  constructor(store: Store, proposal: () => Proposal) {
    // by a function: read straight in a constructor, a state is not followed
    const wanted = $derived.by(() => `${proposal().id}@${proposal().version}@${proposal().photos ?? 0}@${this.#tries}`);
    $effect(() => {
      const [id = ''] = wanted.split('@');
      if (id !== this.#of) this.found = null; // never one card's details under another's title
      this.#of = id;
      let stale = false;
      store.details(id).then(
        (found) => {
          if (!stale) [this.found, this.failed] = [found, null];
        },
        (error: unknown) => {
          if (!stale) this.failed = error instanceof Error ? error.message : 'unknown';
        },
      );
      return () => {
        stale = true;
      };
    });
  }

  get documents(): ProposalDocument[] {
    return (this.found?.['documents'] ?? []) as ProposalDocument[];
  }

  get photos(): Photo[] {
    return (this.found?.['photos'] ?? []) as Photo[];
  }
  again(): void {
    this.#tries += 1;
  }
}
