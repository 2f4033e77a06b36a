/** What the board has open, and where a walk through it stands. */
import type { Verb } from './DecideDialog.svelte';
import type { Proposal } from './search';
import type { Before } from './undo.svelte';

/** A card and those beside it, as they stood. */
export interface Trail {
  id: string;
  next: string | null;
  previous: string | null;
}
/** The dialog that is open, and over what. */
export type Open =
  | { kind: 'edit' | 'split'; proposal: Proposal }
  | { kind: 'merge'; cards: readonly Proposal[] }
  | { kind: 'triage' }
  | { kind: 'drafts' }
  | { kind: 'scoring'; cards: readonly Proposal[] }
  | { kind: 'decide'; cards: readonly Proposal[]; start: Verb | null; before: string | null; was: Before | null; left: Trail | null }
  | { kind: 'withdraw'; proposal: Proposal }
  | { kind: 'add' };
