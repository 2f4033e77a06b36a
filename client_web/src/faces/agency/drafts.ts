/** Answers that were typed and not sent stay with the tab: a reload or another proposal loses nothing. */
import { keepInTab, keptInTab } from '../../link/tab';
import type { SurveyStatus, Verdict } from '../../wire/protocol';

/** An answer as it was typed. base: the version that was looked at. */
export interface Draft {
  base: number;
  survey: SurveyStatus;
  day: string;
  surveyNote: string;
  land: string;
  cost: string;
  verdict: Verdict | null;
  code: string;
  note: string;
}

const WORDS = ['survey', 'day', 'surveyNote', 'land', 'cost', 'code', 'note'] as const;

function isDraft(found: unknown): found is Draft {
  const draft = found as Record<string, unknown> | null;
  const verdict = draft?.['verdict'];
  return typeof draft?.['base'] === 'number' && (verdict === null || typeof verdict === 'string') && WORDS.every((word) => typeof draft[word] === 'string');
}

/** By proposal. owner: session and pass; who comes in with another card finds none of them. */
export class Drafts {
  readonly #place: string;
  readonly #held = new Map<string, Draft>();

  constructor(owner: string) {
    this.#place = `pleno.jawaban.${owner}`;
    try {
      const found: unknown = JSON.parse(keptInTab(this.#place) ?? '{}');
      for (const [proposal, draft] of Object.entries(found ?? {})) if (isDraft(draft)) this.#held.set(proposal, draft);
    } catch {
      // what stands there is no draft: nothing was kept
    }
  }

  get(proposal: string): Draft | undefined {
    return this.#held.get(proposal);
  }

  set(proposal: string, draft: Draft): void {
    this.#held.set(proposal, draft);
    this.#keep();
  }

  delete(proposal: string): void {
    if (this.#held.delete(proposal)) this.#keep();
  }

  #keep(): void {
    keepInTab(this.#place, this.#held.size === 0 ? null : JSON.stringify(Object.fromEntries(this.#held)));
  }
}
