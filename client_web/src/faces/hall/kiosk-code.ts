/** The operator's code that closes the kiosk. It stays with the tab: a reload by a voter leads back to the kiosk, a new tab is the operator's. */
const KEPT = 'pleno.hall.kios';

export const isCode = (text: string): boolean => /^\d{4}$/.test(text);

export function keptCode(): string | null {
  try {
    const code = sessionStorage.getItem(KEPT) ?? '';
    return isCode(code) ? code : null;
  } catch {
    return null;
  }
}

export function keepCode(code: string | null): void {
  try {
    if (code === null) sessionStorage.removeItem(KEPT);
    else sessionStorage.setItem(KEPT, code);
  } catch {
    // a browser without storage leaves the kiosk with a reload, nothing else
  }
}
