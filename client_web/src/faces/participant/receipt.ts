/** What a receipt shows and saves: a short code, the whole code, and a file a stranger can check. */
import type { Receipt } from '../../wire/protocol';

const grouped = (hex: string): string => (hex.toUpperCase().match(/.{1,4}/g) ?? []).join(' ');

/** The first twelve digits of the tracker in groups of four; null for an open vote, which has no tracker. */
export const shortCode = (receipt: Receipt): string | null => (receipt.tracker ? grouped(receipt.tracker.slice(0, 12)) : null);

export const wholeCode = (receipt: Receipt): string | null => (receipt.tracker ? grouped(receipt.tracker) : null);

/** The canonical form the server signed, with its signature: sorted keys, no spaces. */
export function receiptFile(receipt: Receipt): { name: string; text: string } {
  const sorted = Object.fromEntries(Object.entries(receipt).sort(([a], [b]) => (a < b ? -1 : 1)));
  const mark = receipt.tracker?.slice(0, 12) ?? receipt.seat ?? 'suara';
  return { name: `tanda-terima-${receipt.ballot}-${mark}.json`, text: JSON.stringify(sorted) };
}

/** Hands the file to the browser's downloads; nothing leaves the phone. */
export function saveReceipt(receipt: Receipt): void {
  const { name, text } = receiptFile(receipt);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
