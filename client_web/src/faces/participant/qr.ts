/** A QR code as one SVG path; its own download, fetched when there is a receipt to show. */
import { encode } from 'uqr';

/** Dark modules as strokes of width 1, and the width of the whole with its quiet zone. */
export function qrPath(text: string): { size: number; path: string } {
  const { data, size } = encode(text, { ecc: 'M', border: 2 });
  const path = data.flatMap((row, y) => runs(row).map(([x, length]) => `M${x} ${y}.5h${length}`)).join('');
  return { size, path };
}

function runs(row: readonly boolean[]): [number, number][] {
  const found: [number, number][] = [];
  row.forEach((dark, x) => {
    if (!dark) return;
    const last = found.at(-1);
    if (last && last[0] + last[1] === x) last[1] += 1;
    else found.push([x, 1]);
  });
  return found;
}
