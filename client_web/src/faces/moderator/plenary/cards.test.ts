import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { running } from '../testing/fake.svelte';
import { browser, dialog, open, press } from '../testing/page';

browser();
afterEach(() => vi.unstubAllGlobals());
const PERSON = { id: 's4', hall: 'kaliabang-tengah', name: '', office: 'Ketua TP PKK', present: false };

async function cards(answer: (path: string) => Response): Promise<string[]> {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (path: string) => (asked.push(path), answer(path)));
  await press(/^Hadir/);
  await press('Pindahkan kartu peserta…', dialog());
  return asked;
}

it('a card moves to another device after one question that says what it means', async () => {
  const store = running();
  store.reply({ ok: true, seq: 9, result: { until: Date.UTC(2018, 0, 23, 3, 52) } });
  open(store);
  const asked = await cards(() => Response.json({ people: [PERSON], more: false }));
  await fireEvent.change(within(dialog()).getByLabelText('Aula'), { target: { value: 'kaliabang-tengah' } });
  await waitFor(() => expect(asked).toEqual(['/api/sessions/bekasi-2018/people?q=', '/api/sessions/bekasi-2018/people?hall=kaliabang-tengah&q=']));
  await fireEvent.click(await within(dialog()).findByRole('button', { name: 'Pindahkan…: Ketua TP PKK' }));
  expect(store.sent).toEqual([]);
  await press('Pindahkan kartu', screen.getByRole('dialog', { name: 'Pindahkan kartu Ketua TP PKK?' }));
  expect(store.sent).toEqual([{ name: 'pass.release', data: { seat: 's4' } }]);
  expect(await screen.findByText('Kartu Ketua TP PKK dapat dibuka di perangkat baru sampai pukul 10.52 WIB')).toBeTruthy();
});

it('a list that cannot be fetched says why, and is asked for again', async () => {
  let down = true;
  open(running());
  await cards(() => (down ? Response.json({ code: 'forbidden' }, { status: 403 }) : Response.json({ people: [], more: false })));
  expect((await within(dialog()).findByRole('alert')).textContent).toContain('tidak');
  down = false;
  await press('Coba lagi', dialog());
  expect(await within(dialog()).findByText('Tidak ditemukan')).toBeTruthy();
});

it('a group has no cards of its own', async () => {
  const store = running();
  store.change('session', 'bekasi-2018', { kind: 'group' });
  open(store);
  await press(/^Hadir/);
  expect(within(dialog()).queryByRole('button', { name: 'Pindahkan kartu peserta…' })).toBeNull();
});
