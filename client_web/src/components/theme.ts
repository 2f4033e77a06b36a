/** Light or dark: what the person chose last, else what the device prefers. */
export type Theme = 'light' | 'dark';
const STORED = 'pleno.theme';

function stored(): Theme | null {
  try {
    const value = localStorage.getItem(STORED);
    return value === 'light' || value === 'dark' ? value : null;
  } catch {
    return null; // storage is off: the device's preference stands
  }
}

export const currentTheme = (): Theme => (document.documentElement.dataset['theme'] === 'dark' ? 'dark' : 'light');

/** Sets `data-theme` on the page; call before the first paint. */
export function applyTheme(theme?: Theme): Theme {
  const prefersDark = typeof matchMedia === 'function' && matchMedia('(prefers-color-scheme: dark)').matches;
  const chosen = theme ?? stored() ?? (prefersDark ? 'dark' : 'light');
  document.documentElement.dataset['theme'] = chosen;
  return chosen;
}

/** Changes to the other theme and remembers it. */
export function toggleTheme(): Theme {
  const next = applyTheme(currentTheme() === 'dark' ? 'light' : 'dark');
  try {
    localStorage.setItem(STORED, next);
  } catch {
    // a browser without storage forgets the choice, nothing else
  }
  return next;
}
