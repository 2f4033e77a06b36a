import { keepInTab, keptInTab } from '../../link/tab';

/** The three parts of this face, one a tab. */
export type Part = 'plenary' | 'board' | 'ballot';
export const isPart = (value: string): value is Part => value === 'plenary' || value === 'board' || value === 'ballot';

const KEPT = 'pleno.moderator.part';

/** The part that lay open before the page was loaded anew. */
export function keptPart(): Part {
  const value = keptInTab(KEPT) ?? '';
  return isPart(value) ? value : 'plenary';
}

export const keepPart = (part: Part): void => void keepInTab(KEPT, part);
