/** Puts the board away for the next opening: soon after it came, and whenever the page may be about to go. */
import type { Plenary } from '../../state/plenary.svelte';

const SOON_MS = 1000;

/** Until the returned function is called. */
export function keepBoard(plenary: Pick<Plenary, 'keep' | 'wasLive'>): () => void {
  const keep = (): void => {
    if (plenary.wasLive) plenary.keep().catch(() => {}); // storage is full or forbidden: the next opening asks the server
  };
  const hidden = (): void => {
    if (document.visibilityState === 'hidden') keep();
  };
  const timer = setInterval(keep, SOON_MS * 60);
  const first = setTimeout(keep, SOON_MS);
  document.addEventListener('visibilitychange', hidden);
  return () => {
    clearTimeout(first);
    clearInterval(timer);
    document.removeEventListener('visibilitychange', hidden);
  };
}
