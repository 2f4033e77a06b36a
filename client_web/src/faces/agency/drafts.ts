/** Answers that were typed and not sent stay with the tab: a reload or another proposal loses nothing. */
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

/** By proposal. */
export class Drafts {
  readonly #place: string;
  readonly #held = new Map<string, Draft>();

  constructor(session: string) {
    this.#place = `pleno.jawaban.${session}`;
    try {
      const found: unknown = JSON.parse(sessionStorage.getItem(this.#place) ?? '{}');
      for (const [proposal, draft] of Object.entries(found ?? {})) if (isDraft(draft)) this.#held.set(proposal, draft);
    } catch {
      // storage is off, or holds what is no draft: nothing was kept
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
    try {
      if (this.#held.size === 0) sessionStorage.removeItem(this.#place);
      else sessionStorage.setItem(this.#place, JSON.stringify(Object.fromEntries(this.#held)));
    } catch {
      // storage is off or full: the page itself still has the text
    }
  }
}
