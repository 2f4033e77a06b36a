/** The three parts of this face, one a tab. */
export type Part = 'plenary' | 'board' | 'ballot';
export const isPart = (value: string): value is Part => value === 'plenary' || value === 'board' || value === 'ballot';

const KEPT = 'pleno.moderator.part';

/** The part that lay open before the page was loaded anew. */
export function keptPart(): Part {
  try {
    const value = sessionStorage.getItem(KEPT) ?? '';
    return isPart(value) ? value : 'plenary';
  } catch {
    return 'plenary';
  }
}

export function keepPart(part: Part): void {
  try {
    sessionStorage.setItem(KEPT, part);
  } catch {
    // a browser that keeps nothing begins with the plenary
  }
}
