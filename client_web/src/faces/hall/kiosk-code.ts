/** The operator's code that closes the kiosk. It stays with the tab: a reload by a voter leads back to the kiosk, a new tab is the operator's. */
import { keepInTab, keptInTab } from '../../link/tab';

const KEPT = 'pleno.hall.kios';

export const isCode = (text: string): boolean => /^\d{4}$/.test(text);

export function keptCode(): string | null {
  const code = keptInTab(KEPT) ?? '';
  return isCode(code) ? code : null;
}

/** A browser without storage leaves the kiosk with a reload, nothing else. */
export const keepCode = (code: string | null): void => void keepInTab(KEPT, code);
