/** How long to wait before the n-th try: doubling, capped, and spread so that 2,500 phones do not knock at once. */

export const FIRST_MS = 600;
export const LONGEST_MS = 15_000;

/** `attempt` counts from 0; `dice` is in [0, 1). The result lies between half and one and a half of the step. */
export function backoffMs(attempt: number, dice: number): number {
  const step = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(step * (0.5 + dice));
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
