import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { expectAccessible } from '../../../components/testing/page';
import { NOW, running, type FakeStore } from '../testing/fake.svelte';
import { browser, dialog, noDialog, open, press } from '../testing/page';

browser();

const begun = { to: 'kec-b', name: 'cast.begun', at: NOW, tries: 1, detail: {} };
const linked = (): FakeStore => {
  const store = running();
  store.change('session', 'bekasi-2018', { reaches: ['kec-a', 'kec-b'] });
  return store;
};

it('without linked sessions there is nothing to show elsewhere', () => {
  open(running());
  expect(screen.queryByRole('button', { name: 'Tayangkan di tempat lain' })).toBeNull();
});

it('shows the session in the places chosen, says how far it came, and stops after asking', async () => {
  const store = linked();
  open(store);
  await press('Tayangkan di tempat lain');
  await fireEvent.click(within(dialog()).getByLabelText(/kec-a/));
  await press('Tayangkan di 1 tempat', dialog());
  await waitFor(() => expect(store.sent).toEqual([{ name: 'cast.start', data: { sessions: ['kec-b'] } }]));
  store.put('cast', { id: 'cast', to: ['kec-b'], source: null, title: '', shown: null });
  store.put('parcel', { id: 'x', state: 'sent', code: null, ...begun });
  expect(await within(dialog()).findByText('menunggu jawaban')).toBeTruthy();
  expect(within(dialog()).getByRole('button', { name: 'Perbarui: 1 tempat' }).getAttribute('aria-disabled')).toBe('true'); // nothing to change
  store.put('parcel', { id: 'x', state: 'refused', code: 'cast_busy', ...begun });
  expect(await within(dialog()).findByText(/Siaran pembukaan lain sedang berjalan/)).toBeTruthy();
  await expectAccessible();
  await press('Kirim lagi: kec-b', dialog());
  store.remove('parcel', 'x');
  expect(await within(dialog()).findByText('menerima tayangan')).toBeTruthy();
  await press('Hentikan tayangan', dialog());
  expect(store.sent).toHaveLength(2);
  await press('Hentikan tayangan', dialog());
  await waitFor(() => expect(store.sent.slice(1)).toEqual([{ name: 'parcel.resend', data: { parcel: 'x' } }, { name: 'cast.stop', data: {} }]));
  noDialog();
  expect(screen.getByText('Tayang di 1 tempat')).toBeTruthy();
});

it('says in a place what it is showing, and leaves after asking', async () => {
  const store = linked();
  const shown = { scene: 'board' as const, hall: '', proposal: 'Turap kali', ballot: '', speaker: 'Aula Senen', item: 'Pembukaan', item_started_at: NOW, phase: 'open' as const };
  store.put('cast', { id: 'cast', to: [], source: 'pembuka', title: 'Sidang pembuka', shown });
  open(store);
  expect(screen.getByText('Menayangkan Sidang pembuka')).toBeTruthy();
  await press('Rincian: Sidang pembuka');
  for (const fact of ['Sidang pembuka', 'Pembukaan, sejak 10.42 WIB', 'Aula Senen', 'Sorotan papan: Turap kali']) expect(within(dialog()).getByText(fact)).toBeTruthy();
  await press('Berhenti menayangkan', dialog());
  expect(store.sent).toEqual([]);
  await press('Berhenti menayangkan', dialog());
  await waitFor(() => expect(store.sent).toEqual([{ name: 'cast.leave', data: {} }]));
});
