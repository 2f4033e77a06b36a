/** How large the page's text is, as the person chose it; what the browser itself is set to comes on top of that. */

const STORED = 'pleno.text';
/** In percent of the browser's own size. */
export const SIZES = [100, 125, 150, 200] as const;

/** The size chosen now; puts it on the page. `next`: another one, remembered. */
export function textSize(next?: number): number {
  let size = next ?? 100;
  try {
    if (next === undefined) size = Number(localStorage.getItem(STORED) ?? 100);
    else localStorage.setItem(STORED, String(next));
  } catch {
    // a browser without storage forgets the choice, nothing else
  }
  if (!SIZES.some((one) => one === size)) size = 100;
  document.documentElement.style.fontSize = size === 100 ? '' : `${size}%`;
  return size;
}
