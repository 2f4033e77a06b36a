import { render, screen } from '@testing-library/svelte';
import { encode } from 'uqr';
import { describe, expect, it, vi } from 'vitest';
import type { Entity, Receipt } from '../../wire/protocol';
import ReceiptView from './ReceiptView.svelte';
import { qrPath } from './qr';
import { receiptFile, saveReceipt, shortCode, wholeCode } from './receipt';

const tracker = '7774b8dfe2027fb860fcdeb8c8a7eed1';
const secret: Receipt = { v: 1, session: 's1', ballot: 'b1', tracker, seat: null, choices: null, key_id: 'k', signature: 'sig' };
const open: Receipt = { ...secret, tracker: null, seat: 'seat-1', choices: ['o1'] };

describe('receipt', () => {
  it('shows a short code that begins the whole one', () => {
    expect(shortCode(secret)).toBe('7774 B8DF E202');
    expect(wholeCode(secret)).toBe('7774 B8DF E202 7FB8 60FC DEB8 C8A7 EED1');
    expect(shortCode(open)).toBeNull();
  });

  it('is saved as the canonical form that was signed: sorted keys, no spaces, and no choice of a secret vote', () => {
    const { name, text } = receiptFile(secret);
    expect(name).toBe('tanda-terima-b1-7774b8dfe202.json');
    expect(text).toBe(`{"ballot":"b1","choices":null,"key_id":"k","seat":null,"session":"s1","signature":"sig","tracker":"${tracker}","v":1}`);
    expect(receiptFile(open).name).toBe('tanda-terima-b1-seat-1.json');
  });

  it('leads to the list of codes once there is one', async () => {
    const ballot = { id: 'b1', title: 'Mana dulu?', state: 'open', options: [], choose_max: 1 } as unknown as Entity<'ballot'>;
    const { rerender } = render(ReceiptView, { receipt: secret, ballot });
    expect(screen.getByText(/^Setelah ditutup, cari kode ini/)).toBeTruthy();
    expect(screen.queryByRole('link')).toBeNull();
    await rerender({ receipt: secret, ballot: { ...ballot, state: 'closed' } });
    expect(screen.getByRole('link', { name: 'Periksa di daftar kode' }).getAttribute('href')).toBe('/public/s1#periksa');
  });

  it('goes to the downloads without leaving the phone', () => {
    vi.useFakeTimers();
    const made: Blob[] = [];
    URL.createObjectURL = (blob) => (made.push(blob as Blob), 'blob:x');
    const dropped: string[] = [];
    URL.revokeObjectURL = (url) => void dropped.push(url);
    const clicked = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {});
    saveReceipt(secret);
    vi.runAllTimers();
    expect(made).toHaveLength(1);
    expect(clicked).toHaveBeenCalledOnce();
    expect(dropped).toEqual(['blob:x']);
    vi.useRealTimers();
    clicked.mockRestore();
  });

  it('draws every dark module of the QR code once', () => {
    const { size, path } = qrPath(tracker.toUpperCase());
    const dark = encode(tracker.toUpperCase(), { ecc: 'M', border: 2 }).data.flat().filter(Boolean).length;
    const drawn = Array.from(path.matchAll(/h(\d+)/g), (found) => Number(found[1])).reduce((sum, run) => sum + run, 0);
    expect(drawn).toBe(dark);
    expect(size).toBeGreaterThan(20);
  });
});
