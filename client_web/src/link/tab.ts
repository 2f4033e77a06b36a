/** What a tab keeps over a reload and forgets when it is closed. A browser that stores nothing keeps nothing. */

/** null: nothing was kept under this name. */
export function keptInTab(name: string): string | null {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

/** text: null forgets it. Whether it is written down, also over a reload. */
export function keepInTab(name: string, text: string | null): boolean {
  try {
    if (text === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, text);
    return true;
  } catch {
    return false; // storage is switched off, or full
  }
}
