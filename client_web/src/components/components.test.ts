import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { createRawSnippet, tick } from 'svelte';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import AgendaList from './AgendaList.svelte';
import Banner from './Banner.svelte';
import Button from './Button.svelte';
import Chart from './Chart.svelte';
import Choice from './Choice.svelte';
import Clock from './Clock.svelte';
import { matching } from './Combobox.svelte';
import ConnectionBanner, { type Line } from './ConnectionBanner.svelte';
import Dialog from './Dialog.svelte';
import Gate from './Gate.svelte';
import { healthOf } from './health';
import Meter from './Meter.svelte';
import Progress from './Progress.svelte';
import ProposalCard from './ProposalCard.svelte';
import Queue from './Queue.svelte';
import Seg from './Seg.svelte';
import { dialogs } from './testing/page';
import Tile from './Tile.svelte';
import Toast from './Toast.svelte';
import Turnout from './Turnout.svelte';
import TurnBar from './TurnBar.svelte';
import { elapsedText, leftText } from './words';

const words = (text: string) => createRawSnippet(() => ({ render: () => `<span>${text}</span>` }));
const press = (element: HTMLElement): void => element.click();

beforeAll(dialogs);

describe('Button', () => {
  it('acts when pressed and is named by its words', async () => {
    const onclick = vi.fn();
    render(Button, { onclick, children: words('Beri giliran') });
    press(screen.getByRole('button', { name: 'Beri giliran' }));
    expect(onclick).toHaveBeenCalledOnce();
  });

  it('with a reason not to, it stays reachable, says why and does nothing', async () => {
    const onclick = vi.fn();
    render(Button, { onclick, disabledReason: 'Sudah paling atas', icon: 'arrow-up', label: 'Naikkan' });
    const button = screen.getByRole('button', { name: 'Naikkan' });
    press(button);
    expect(onclick).not.toHaveBeenCalled();
    expect(button.hasAttribute('disabled')).toBe(false);
    expect(button.getAttribute('aria-disabled')).toBe('true');
    expect(button.title).toBe('Sudah paling atas');
  });

  it('while busy a second press does nothing', () => {
    const onclick = vi.fn();
    render(Button, { onclick, busy: true, children: words('Simpan') });
    press(screen.getByRole('button', { name: 'Simpan' }));
    expect(onclick).not.toHaveBeenCalled();
  });
});

describe('Dialog', () => {
  const props = { open: true, title: 'Tutup suara?', lead: 'Tidak dapat dibuka lagi.', safe: 'Kembali', act: 'Tutup dan tetapkan' };

  it('states its facts, the safe way out left of the act', async () => {
    render(Dialog, { ...props, facts: [{ term: 'Suara masuk', value: '187 dari 240' }], onclose: () => undefined });
    const dialog = screen.getByRole('dialog', { name: 'Tutup suara?' });
    expect(within(dialog).getByText('187 dari 240')).toBeTruthy();
    expect(within(dialog).getAllByRole('button').map((button) => button.textContent?.trim())).toEqual(['Kembali', 'Tutup dan tetapkan']);
  });

  it('the act acts, the safe way out closes, and Escape is the safe way out', () => {
    const [onact, onclose] = [vi.fn(), vi.fn()];
    render(Dialog, { ...props, onact, onclose });
    press(screen.getByRole('button', { name: 'Tutup dan tetapkan' }));
    expect([onact.mock.calls.length, onclose.mock.calls.length]).toEqual([1, 0]);
    press(screen.getByRole('button', { name: 'Kembali' }));
    const cancel = new Event('cancel', { cancelable: true });
    screen.getByRole('dialog').dispatchEvent(cancel);
    expect(onclose).toHaveBeenCalledTimes(2);
    expect(cancel.defaultPrevented).toBe(true); // the owner closes it, not the browser
    expect(onact).toHaveBeenCalledOnce();
  });

  it('does not act while blocked, and says why', async () => {
    const onact = vi.fn();
    render(Dialog, { ...props, onact, onclose: () => undefined, blocked: 'Tulis alasannya dulu.' });
    press(screen.getByRole('button', { name: 'Tutup dan tetapkan' }));
    document.querySelector('form')?.requestSubmit(); // Enter in a field
    expect(onact).not.toHaveBeenCalled();
    expect(screen.getByText('Tulis alasannya dulu.')).toBeTruthy();
  });

  it('opens and closes with its owner', async () => {
    const { rerender } = render(Dialog, { ...props, open: false, onclose: () => undefined });
    expect(screen.queryByRole('dialog')).toBeNull();
    await rerender({ open: true });
    expect(screen.getByRole('dialog').hasAttribute('open')).toBe(true);
    await rerender({ open: false });
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('Tile', () => {
  it('says in words that the hall speaks, waits, or is well', async () => {
    const { rerender } = render(Tile, { name: 'Pejuang', health: 'good', speaking: true });
    expect(screen.getByText('Bicara')).toBeTruthy();
    expect(screen.getByText('Lancar')).toBeTruthy();
    await rerender({ speaking: false, queued: 3 });
    expect(screen.getByText('Antre 3')).toBeTruthy();
  });

  it('a cut hall shows since when, and that its place is kept', async () => {
    render(Tile, { name: 'Bojong Menteng', health: 'cut', queued: 2, since: 1_000, now: 43_000 });
    expect(screen.getByRole('timer').textContent).toBe('00:42');
    expect(screen.getByText('Antre 2 dijaga')).toBeTruthy();
    expect(screen.getByText('Terputus')).toBeTruthy();
  });

  it('as a button it is named by the hall and described by its link', async () => {
    render(Tile, { name: 'Jatiasih', health: 'weak', trigger: { 'aria-haspopup': 'menu' } });
    const button = screen.getByRole('button', { name: 'Jatiasih' });
    const description = button.getAttribute('aria-describedby') ?? '';
    expect(document.getElementById(description)?.textContent).toBe('Lemah');
  });

  it('says why there is no picture', async () => {
    const { rerender } = render(Tile, { name: 'Pejuang', health: 'good', publishing: false });
    expect(screen.getByText('kamera belum menyala')).toBeTruthy();
    await rerender({ publishing: true });
    expect(screen.getByText('gambar sedang dibuka')).toBeTruthy();
    await rerender({ health: 'audio' });
    expect(screen.getByText(/suara tetap jernih/)).toBeTruthy();
    await rerender({ health: 'absent' });
    expect(screen.getByText('menunggu operator')).toBeTruthy();
  });
});

describe('AgendaList', () => {
  const items = [
    { id: 'a', title: 'Pembukaan', state: 'done' as const, minutes: 10, time: '09.00' },
    { id: 'b', title: 'Paparan', state: 'now' as const, minutes: 70, time: '09.10', note: '05:00 dari 70 menit' },
    { id: 'c', title: 'Penutup', state: 'todo' as const, minutes: 10, time: '10.20' },
  ];

  it('marks the current step and says what is done without colour', async () => {
    render(AgendaList, { items });
    const [done, now] = screen.getAllByRole('listitem');
    expect(done?.textContent).toContain('(selesai)');
    expect(now?.getAttribute('aria-current')).toBe('step');
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('lets every item but the current one be chosen', () => {
    const onpick = vi.fn();
    render(AgendaList, { items, onpick });
    expect(screen.getAllByRole('button')).toHaveLength(2);
    press(screen.getByRole('button', { name: 'Penutup' }));
    expect(onpick).toHaveBeenCalledWith('c');
  });
});

describe('Queue', () => {
  const entry = (request: string, label: string, cutSince: number | null = null) => ({ request, label, note: '', at: 0, cutSince });

  it('offers the floor to the first, keeps the place of a cut hall, and names whom each button is for', async () => {
    const ongrant = vi.fn();
    render(Queue, { entries: [entry('r1', 'Pejuang · Ketua RW 07'), entry('r2', 'Jatiasih', 18_000)], now: 60_000, ongrant, onremove: () => undefined });
    expect(screen.getByText('menunggu 01:00')).toBeTruthy();
    expect(screen.getByText('terputus 00:42, urutan dijaga')).toBeTruthy();
    press(screen.getByRole('button', { name: 'Beri giliran: Pejuang · Ketua RW 07' }));
    expect(ongrant).toHaveBeenCalledWith('r1');
    expect(screen.getByRole('button', { name: 'Beri: Jatiasih' })).toBeTruthy();
  });
});

describe('ConnectionBanner', () => {
  const line = (fields: Partial<Line>): Line => ({ status: 'live', refusal: null, retryInSeconds: null, queued: 0, ...fields });

  it('says nothing while all is well', () => {
    const { container } = render(ConnectionBanner, { line: line({}) });
    expect(container.textContent?.trim()).toBe('');
  });

  it('says what is kept while reconnecting, and can be hurried', async () => {
    const onretry = vi.fn();
    render(ConnectionBanner, { line: line({ status: 'reconnecting', retryInSeconds: 8, queued: 2 }), voter: true, onretry });
    expect(screen.getByRole('status').textContent).toContain('suara Anda aman');
    expect(screen.getByText(/dalam 8 detik/)).toBeTruthy();
    expect(screen.getByText(/2 tindakan menunggu/)).toBeTruthy();
    press(screen.getByRole('button', { name: 'Coba sekarang' }));
    expect(onretry).toHaveBeenCalledOnce();
  });

  it('after a cut it says for a while that the line is back and what was sent', async () => {
    vi.useFakeTimers();
    const { rerender, container } = render(ConnectionBanner, { line: line({ status: 'reconnecting' }), lingerMs: 6000 });
    await rerender({ line: line({ delivered: 2 }) });
    await tick();
    expect(screen.getByText(/2 tindakan yang menunggu sudah terkirim/)).toBeTruthy();
    vi.advanceTimersByTime(6001);
    await tick();
    expect(container.textContent?.trim()).toBe('');
    vi.useRealTimers();
  });

  it('the first connection is not "back again"', async () => {
    const { rerender, container } = render(ConnectionBanner, { line: line({ status: 'connecting' }) });
    expect(screen.getByText('Menyambungkan ke sidang…')).toBeTruthy();
    await rerender({ line: line({}) });
    expect(container.textContent?.trim()).toBe('');
  });

  it('a refusal says what, why and what to do, at once', async () => {
    render(ConnectionBanner, { line: line({ status: 'refused', refusal: { code: 'replaced', data: {} } }), onretry: () => undefined });
    expect(screen.getByRole('alert').textContent).toMatch(/dipakai di tempat lain.*satu perangkat.*Pakai di sini/s);
    expect(screen.getByRole('button', { name: 'Pakai di sini' })).toBeTruthy();
  });

  it('says that storage does not answer and everything is held, and then that it does', async () => {
    const { rerender } = render(ConnectionBanner, { line: line({ storageAway: true, queued: 3 }) });
    expect(screen.getByRole('status').textContent).toMatch(/Penyimpanan sedang tidak menjawab.*ditahan, tidak hilang.*3 tindakan menunggu/s);
    await rerender({ line: line({ delivered: 3 }) });
    await tick();
    expect(screen.getByRole('status').textContent).toContain('Penyimpanan menjawab lagi. 3 tindakan yang ditahan sudah terkirim.');
  });

  it('says to whoever is not in yet that storage is why, and that the page goes in by itself', async () => {
    const { rerender } = render(ConnectionBanner, { line: line({ status: 'exchanging', storageAway: true }) });
    for (const status of ['exchanging', 'connecting', 'reconnecting'] as const) {
      await rerender({ line: line({ status, storageAway: true, retryInSeconds: 3 }) });
      expect(screen.getByRole('status').textContent).toMatch(/Penyimpanan sedang tidak menjawab.*masuk sendiri.*Biarkan halaman ini terbuka/s);
    }
    await rerender({ line: line({ status: 'reconnecting', storageAway: true, wasLive: true, queued: 1 }) });
    expect(screen.getByRole('status').textContent).toMatch(/ditahan, tidak hilang.*1 tindakan menunggu/s);
    await rerender({ line: line({ wasLive: true }) });
    await tick();
    expect(screen.getByRole('status').textContent).toContain('Penyimpanan menjawab lagi.');
  });

  it('so does a page that has nothing to show but its gate', async () => {
    const words = { exchanging: 'x', connecting: 'c', detail: 'd', ended: 'e', endedDetail: 'f' };
    const store = { status: 'reconnecting' as const, refusal: null, retryInSeconds: 3, retryNow: vi.fn(), resume: vi.fn() };
    const { rerender } = render(Gate, { store: { ...store, storageAway: true }, look: 'hgate', words, hand: true });
    expect(screen.getByRole('status').textContent).toMatch(/Penyimpanan sedang tidak menjawab.*masuk sendiri/s);
    await rerender({ store: { ...store, storageAway: false }, look: 'hgate', words, hand: true });
    expect(screen.getByRole('status').textContent).toContain('dalam 3 detik');
  });

  it('the end is calm', () => {
    render(ConnectionBanner, { line: line({ status: 'ended' }) });
    expect(screen.getByText('Sidang selesai')).toBeTruthy();
  });
});

describe('Seg', () => {
  const options = [
    { value: 'wall', label: 'Aula' },
    { value: 'stage', label: 'Panggung' },
    { value: 'result', label: 'Hasil', off: 'Belum ada hasil' },
  ];

  it('a choice its owner does not take jumps back', async () => {
    const onchange = vi.fn();
    render(Seg<string>, { label: 'Layar', value: 'wall', options, onchange });
    press(screen.getByRole('radio', { name: 'Panggung' }));
    expect(onchange).toHaveBeenCalledWith('stage');
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Aula' }).checked).toBe(true);
  });

  it('what cannot be chosen says why', () => {
    const onchange = vi.fn();
    render(Seg<string>, { label: 'Layar', value: 'wall', options, onchange });
    const radio = screen.getByRole<HTMLInputElement>('radio', { name: 'Hasil' });
    press(radio);
    expect(onchange).not.toHaveBeenCalled();
    expect(radio.closest('label')?.title).toBe('Belum ada hasil');
  });
});

describe('Toast', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('goes by itself, and not while somebody is on it', async () => {
    const onclose = vi.fn();
    render(Toast, { text: 'Ditambahkan', lingerMs: 1000, onclose });
    const region = screen.getByRole('status');
    await fireEvent.focusIn(region);
    await vi.advanceTimersByTimeAsync(5000);
    expect(onclose).not.toHaveBeenCalled();
    await fireEvent.focusOut(region);
    await vi.advanceTimersByTimeAsync(1001);
    expect(onclose).toHaveBeenCalledOnce();
  });

  it('the next word gets its whole time', async () => {
    const onclose = vi.fn();
    const { rerender } = render(Toast, { text: 'Satu', lingerMs: 1000, onclose });
    await vi.advanceTimersByTimeAsync(900);
    await rerender({ text: 'Dua' });
    await vi.advanceTimersByTimeAsync(900);
    expect(onclose).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(101);
    expect(onclose).toHaveBeenCalledOnce();
  });
});

describe('figures', () => {
  it('Meter says what is used of what, and that it is too much without a word of colour', async () => {
    const { container, rerender } = render(Meter, { label: 'Terpilih', used: 3, limit: 5 });
    const fill = () => container.querySelector<HTMLElement>('.bar i')?.style.width;
    expect([screen.getByText('Terpilih 3 dari 5').textContent?.trim(), fill()]).toEqual(['Terpilih 3 dari 5', '60%']);
    await rerender({ used: 6 });
    expect(screen.getByText('Terpilih 6 dari 5').closest('.status')?.querySelector('svg')).toBeTruthy();
    expect([container.querySelector<HTMLElement>('.bar')?.dataset['tone'], fill()]).toEqual(['bad', '100%']);
    await rerender({ used: 0, limit: 0 });
    expect(fill()).toBe('0%');
    await rerender({ used: 7, limit: null });
    expect(screen.getByText('Terpilih 7')).toBeTruthy();
    expect(container.querySelector('.bar')).toBeNull();
  });

  it('Chart gives no place to what got no votes, and none at all to a yes or no', async () => {
    const row = { label: 'Turap', detail: '', cost: null, votes: 5, figure: '5', words: '5 suara', place: 1, mark: 'elected' as const, tone: 'ok' as const, icon: 'badge-check' as const, meaning: 'Terpilih', share: 1 };
    const none = { ...row, id: 'b', votes: 0, figure: '0', words: '0 suara', place: null, mark: null, meaning: '', share: 0 };
    const { container, rerender } = render(Chart, { rows: [{ ...row, id: 'a' }, none] });
    const places = (): (string | null)[] => Array.from(container.querySelectorAll('.chart__n'), (one) => one.textContent);
    expect(places()).toEqual(['1', '–']);
    await rerender({ rows: [{ ...row, id: 'yes', place: null }, { ...none, id: 'no' }] });
    expect(places()).toEqual([]);
  });

  it('Progress speaks its sentence, keeps the figure beside it, and offers a way out only where there is one', async () => {
    const oncancel = vi.fn();
    const { rerender } = render(Progress, { label: 'Mengunggah paparan…', part: 0.426, oncancel });
    expect(screen.getByRole('status').textContent).toBe('Mengunggah paparan…');
    expect(screen.getByRole('progressbar', { name: 'Mengunggah paparan…' }).getAttribute('value')).toBe('0.426');
    expect(screen.getByText('42 %')).toBeTruthy();
    press(screen.getByRole('button', { name: 'Batalkan' }));
    expect(oncancel).toHaveBeenCalledOnce();
    await rerender({ part: null, oncancel: undefined });
    expect(screen.getByRole('progressbar').hasAttribute('value')).toBe(false);
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('a list to type into finds by every word, in the note as well, and says how many it leaves out', () => {
    const seats = Array.from({ length: 120 }, (_, i) => ({ value: `s${i}`, label: `Ketua RW ${i}`, note: i % 2 ? 'Pejuang' : 'Jatiasih' }));
    expect(matching(seats, 'pejuang 11').shown.map((one) => one.value)).toEqual(['s11', 's111', 's113', 's115', 's117', 's119']);
    expect([matching(seats, '').shown.length, matching(seats, '').more]).toEqual([50, 70]);
    expect(matching(seats, 'tidak ada')).toEqual({ shown: [], more: 0 });
  });
});

describe('small ones', () => {
  it('Choice is a native control with its words as its name', async () => {
    const onchange = vi.fn();
    render(Choice, { type: 'checkbox', name: 'pilihan', value: 'a', title: 'Turap kali', meta: 'Aren Jaya', checked: false, onchange });
    press(screen.getByRole('checkbox', { name: /Turap kali/ }));
    expect(onchange).toHaveBeenCalledWith(true);
  });

  it('ProposalCard names money, land and place in words', async () => {
    render(ProposalCard, {
      proposal: {
        id: 'p', title: 'Turap kali', hall: 'h', status: 'SUBMITTED', rank: 1, amount: 109_200_000, households: 47, rw: '02',
        urgency: 'SANGAT_MENDESAK', land: 'SENGKETA', type: 'FISIK', version: 1,
      },
      hall: 'Aren Jaya',
      rank: 3,
      onopen: () => undefined,
    }); // prettier-ignore
    for (const text of ['Rp109.200.000', '47 KK', 'Lahan sengketa', 'Sangat mendesak', 'Aren Jaya · RW 02']) expect(screen.getByText(text)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Turap kali' })).toBeTruthy();
  });

  it('Clock says the hour of the zone, Turnout its share, and a refusal is an alert', () => {
    render(Clock, { now: Date.UTC(2018, 0, 23, 3, 42), zone: 'WIB' });
    expect(screen.getByText('10.42')).toBeTruthy();
    render(Turnout, { cast: 60, of: 240, label: '60 dari 240 suara masuk' });
    const bar = screen.getByRole('img', { name: '60 dari 240 suara masuk' }).firstElementChild as HTMLElement;
    expect(bar.style.width).toBe('25%');
    render(Banner, { tone: 'bad', title: 'Ditolak', live: 'assertive', children: words('Sudah ditutup.') });
    expect(screen.getByRole('alert').textContent).toContain('Sudah ditutup.');
  });

  it('TurnBar is calm, then near the end, then full once over', async () => {
    const { container, rerender } = render(TurnBar, { left: 120_000, total: 240_000 });
    const bar = container.querySelector<HTMLElement>('.turnbar');
    const fill = bar?.firstElementChild as HTMLElement;
    expect([bar?.dataset['tone'], fill.style.width]).toEqual([undefined, '50%']);
    await rerender({ left: 60_000 });
    expect(bar?.dataset['tone']).toBe('warn');
    await rerender({ left: -1 });
    expect([bar?.dataset['tone'], fill.style.width]).toEqual(['bad', '100%']);
  });

  it('time left and time gone by', () => {
    expect([leftText(84_000), leftText(0), leftText(-12_300)]).toEqual(['01:24', '00:00', '+00:12']);
    expect([elapsedText(42_900), elapsedText(-5_000)]).toEqual(['00:42', '00:00']);
  });

  it('a fallen hall is cut whatever was last measured; an unknown one is absent', () => {
    const presence = { connected: true, since: 0, publishing: true, speaking: false, link: 'good' as const };
    expect(healthOf(presence)).toBe('good');
    expect(healthOf({ ...presence, connected: false })).toBe('cut');
    expect(healthOf({ ...presence, connected: false, link: 'absent' })).toBe('absent');
    expect(healthOf(undefined)).toBe('absent');
  });
});
