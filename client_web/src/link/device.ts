/** A key this browser makes for itself before it first shows a card: the server knows the same device by it again. */
import { newTracker } from './random';

const NAME = 'pleno.device';
/** Where nothing can be kept, the page itself is the device. */
let here: string | null = null;

export function deviceKey(): string {
  try {
    const kept = localStorage.getItem(NAME);
    if (kept !== null && /^[0-9a-f]{32}$/.test(kept)) return kept;
    here ??= newTracker();
    localStorage.setItem(NAME, here);
  } catch {
    // forbidden or full: until the page is closed
  }
  return (here ??= newTracker());
}
