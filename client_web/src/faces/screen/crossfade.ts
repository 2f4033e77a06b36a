/** One soft step from what is shown to what comes: the old picture stays until the new one stands. */
import { flushSync } from 'svelte';

/** Calls `change`, at once where the browser cannot fade, nobody looks, or somebody asked for less motion. */
export function crossfade(change: () => void): void {
  const still = typeof matchMedia === 'function' && matchMedia('(prefers-reduced-motion: reduce)').matches;
  if (still || typeof document.startViewTransition !== 'function' || document.visibilityState === 'hidden') return change();
  const step = document.startViewTransition(() => flushSync(change));
  for (const end of [step.ready, step.finished]) end.catch(() => undefined); // overtaken by the next step: the change itself was made
}
