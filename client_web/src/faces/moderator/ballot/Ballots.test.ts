import { fireEvent, screen, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import { expectAccessible } from '../../../components/testing/page';
import { ballot, NOW, running } from '../testing/fake.svelte';
import { browser, dialog, key, noDialog, open, press } from '../testing/page';

browser();

function closed(fields: Parameters<typeof ballot>[1] = {}) {
  return ballot('b1', {
    state: 'closed',
    closed_at: NOW,
    result: {
      counts: [{ option: 'a', votes: 151 }, { option: 'b', votes: 88 }, { option: 'c', votes: 88 }],
      cast: 201, blank: 3, electorate: 240, elected: ['a'], tied: ['b', 'c'], root: '9f'.repeat(32),
    },
    ...fields,
  }); // prettier-ignore
}

describe('ballots', () => {
  it('composes, states what opening fixes, and opens', async () => {
    const store = running();
    store.reply({ ok: true, seq: 12, result: { ballot: 'b1' } });
    open(store);
    await key('3');
    await fireEvent.click(screen.getByRole('radio', { name: 'Tulis sendiri' }));
    await press('Setuju, tidak, abstain');
    await press(/Buka suara/);
    expect(screen.getByText('Tulis pertanyaannya')).toBeTruthy();
    noDialog();
    await fireEvent.input(screen.getByLabelText('Pertanyaan'), { target: { value: 'Setuju tata tertib?' } });
    await fireEvent.click(screen.getByRole('radio', { name: /^Terbuka/ }));
    await press(/Buka suara/);
    expect(within(dialog()).getByText('240 kursi dengan hak suara')).toBeTruthy();
    expect(within(dialog()).getByText('1 dari 12 terputus: Bojong Menteng')).toBeTruthy();
    await press('Buka suara', dialog());
    expect(store.sent).toEqual([
      {
        name: 'ballot.open',
        data: {
          title: 'Setuju tata tertib?', choose_max: 1, secrecy: 'open', seconds: 300,
          options: [{ id: 'o1', label: 'Setuju' }, { id: 'o2', label: 'Tidak setuju' }, { id: 'o3', label: 'Abstain' }],
        },
      },
    ]); // prettier-ignore
    store.put('ballot', ballot('b1', { title: 'Setuju tata tertib?' }));
    expect(await screen.findByRole('heading', { name: 'Setuju tata tertib?' })).toBeTruthy();
  });

  it('says beside the stage what a ballot came to in the words of its method', async () => {
    const store = running();
    open(store);
    const card = (): string => screen.getByRole('region', { name: 'Pemungutan suara' }).textContent?.replace(/\s+/g, ' ') ?? '';
    const rule = { ...(closed().rule as object), budget: 1 };
    store.put('ballot', closed({ rule: { ...rule, method: 'knapsack' } as never, options: [{ id: 'a', label: 'Turap' }] }));
    await tick();
    expect(card()).toContain('Dibiayai: Turap.');
    store.put('ballot', closed({ rule: { ...rule, method: 'yes_no' } as never, options: [{ id: 'no', label: 'Tidak setuju' }], result: { counts: [{ option: 'no', votes: 9 }], cast: 9, blank: 0, electorate: 9, elected: ['no'], tied: [], root: '' } }));
    await tick();
    expect(card()).toContain('Ditolak.');
    expect(card()).not.toContain('Tidak setuju');
  });

  describe('with 20 halls that fell away and three that never joined', () => {
    function far() {
      const store = running();
      const like = (id: string) => ({ id, name: id, kecamatan: 'Bekasi', order: 99, seat_count: 20 });
      const gone = { connected: false, since: NOW, publishing: false, speaking: false };
      store.presence = { ...store.presence, 'bojong-menteng': { ...gone, connected: true, link: 'good' as const } };
      for (let at = 10; at < 30; at += 1) {
        store.put('hall', like(`jauh-${at}`));
        store.presence = { ...store.presence, [`jauh-${at}`]: { ...gone, link: 'cut' as const } };
      }
      store.put('hall', like('sepi-1'), like('sepi-2'), like('sepi-3'));
      store.presence = { ...store.presence, 'sepi-1': { ...gone, link: 'absent' as const } };
      return store;
    }
    const six = 'jauh-10, jauh-11, jauh-12, jauh-13, jauh-14, jauh-15, dan 14 lagi';

    it('names six and counts the rest before a ballot closes, and tells who never joined apart', async () => {
      const store = far();
      store.put('ballot', ballot('b1'));
      open(store);
      await key('3');
      expect(screen.getByText(`20 aula terputus: ${six}`)).toBeTruthy();
      await press(/Tutup/);
      expect(within(dialog()).getByText(six)).toBeTruthy();
      expect(within(dialog()).getByText('3 dari 35 aula')).toBeTruthy();
      expect(dialog().textContent).not.toContain('sepi');
    });

    it('says the same before one opens', async () => {
      open(far());
      await key('3');
      await fireEvent.click(screen.getByRole('radio', { name: 'Tulis sendiri' }));
      await press('Setuju, tidak, abstain');
      await fireEvent.input(screen.getByLabelText('Pertanyaan'), { target: { value: 'Setuju tata tertib?' } });
      await press(/Buka suara/);
      expect(within(dialog()).getByText(`20 dari 35 terputus: ${six}`)).toBeTruthy();
      expect(within(dialog()).getByText('Belum bergabung')).toBeTruthy();
      expect(within(dialog()).getByText('3 dari 35 aula')).toBeTruthy();
      expect(dialog().textContent).not.toContain('sepi');
    });
  });

  it('keeps the draft when opening is refused', async () => {
    const store = running();
    store.reply({ ok: false, code: 'ballot_is_open', data: { ballot: 'b9' } });
    open(store);
    await key('3');
    await fireEvent.click(screen.getByRole('radio', { name: 'Tulis sendiri' }));
    await press('Setuju, tidak, abstain');
    await fireEvent.input(screen.getByLabelText('Pertanyaan'), { target: { value: 'Sah?' } });
    await press(/Buka suara/);
    await press('Buka suara', dialog());
    expect((await screen.findByRole('alert')).textContent).toMatch(/Masih ada pemungutan suara yang terbuka/);
    expect(screen.getByLabelText<HTMLTextAreaElement>('Pertanyaan').value).toBe('Sah?');
  });

  it('picks from the board', async () => {
    open(running());
    await key('3');
    await press('Ambil dari papan');
    await fireEvent.input(within(dialog()).getByRole('searchbox'), { target: { value: 'turap' } });
    await fireEvent.click(within(dialog()).getByRole('checkbox', { name: /Perbaikan turap kali/ }));
    await expectAccessible();
    await press('Selesai, 1 diambil', dialog());
    expect(screen.getByText('Pilihan dari papan (1)')).toBeTruthy();
  });

  it('a yes or no may be about a proposal of the board, or about none', async () => {
    open(running());
    await key('3');
    await fireEvent.change(screen.getByLabelText('Cara memilih'), { target: { value: 'yes_no' } });
    await fireEvent.click(screen.getByRole('radio', { name: 'Papan usulan' }));
    expect(screen.getByText(/Boleh dikosongkan/)).toBeTruthy();
    expect(screen.queryByText(/sedikitnya dua/)).toBeNull();
  });

  it('cannot be opened before the session is, and says so', async () => {
    const store = running();
    store.change('session', 'bekasi-2018', { phase: 'draft', opened_at: null });
    open(store);
    await key('3');
    expect(screen.getByText('Buka sidang dulu, baru pemungutan suara dapat dibuka')).toBeTruthy();
    expect(screen.getByRole('button', { name: /Buka suara/ }).getAttribute('aria-disabled')).toBe('true');
  });

  it('while it runs shows turnout and time, never a result', async () => {
    const store = running();
    store.put('ballot', ballot('b1'));
    store.turnout = { b1: { cast: 187, of: 240 } };
    open(store);
    expect(screen.getByRole('img', { name: '187 dari 240 suara masuk' })).toBeTruthy(); // already on the first part
    await key('3');
    expect(screen.getByText('187')).toBeTruthy();
    expect(screen.getByText('02:00')).toBeTruthy();
    expect(screen.getByText(/hasil belum dihitung/)).toBeTruthy();
    expect(screen.queryByRole('table')).toBeNull();
  });

  it('closing states what it fixes; another moderator may have been faster', async () => {
    const store = running();
    store.put('ballot', ballot('b1'));
    store.turnout = { b1: { cast: 187, of: 240 } };
    store.reply({ ok: false, code: 'ballot_closed', data: {} });
    open(store);
    await key('3');
    await press(/Tutup suara/);
    expect(within(dialog()).getByText('187 dari 240 (77 %)')).toBeTruthy();
    expect(within(dialog()).getByText('53 orang')).toBeTruthy();
    expect(within(dialog()).getByText('Bojong Menteng')).toBeTruthy();
    expect(within(dialog()).queryByText('Belum bergabung')).toBeNull();
    store.presence = Object.fromEntries(Object.entries(store.presence).filter(([hall]) => hall !== 'aren-jaya'));
    expect(await within(dialog()).findByText('1 dari 12 aula')).toBeTruthy();
    await expectAccessible();
    await press('Tutup dan tetapkan', dialog());
    expect(store.sent).toEqual([{ name: 'ballot.close', data: { ballot: 'b1' } }]);
    expect((await screen.findByRole('alert')).textContent).toMatch(/moderator lain sudah menutupnya/);
  });

  it('a void needs a reason', async () => {
    const store = running();
    store.put('ballot', ballot('b1'));
    open(store);
    await key('3');
    await press('Batalkan pemungutan suara');
    await fireEvent.input(within(dialog()).getByLabelText('Alasan'), { target: { value: 'Pertanyaan keliru' } });
    await press('Batalkan', dialog());
    expect(store.sent).toEqual([{ name: 'ballot.void', data: { ballot: 'b1', reason: 'Pertanyaan keliru' } }]);
  });

  it('a result explains a tie, offers a run-off among the tied, and links the record', async () => {
    const store = running();
    store.put('ballot', closed());
    store.change('stage', 'stage', { scene: 'wall', ballot: 'b1' });
    open(store);
    await key('3');
    expect(screen.getAllByRole('row').slice(1).map((row) => within(row).getByRole('rowheader').textContent)).toHaveLength(3);
    expect(screen.getByText('2 pilihan seri dengan 88 suara')).toBeTruthy();
    expect(screen.getByText(/sama kuat untuk 1 tempat yang tersisa/)).toBeTruthy();
    expect(screen.getByText('201 dari 240 pemilih memberikan suara, 3 di antaranya tanpa pilihan.')).toBeTruthy();
    expect(screen.getByRole('link', { name: /catatan lengkap/ }).getAttribute('href')).toBe('/api/sessions/bekasi-2018/ballots/b1/transcript');
    await press('Tampilkan hasil di layar besar');
    expect(store.sent).toEqual([{ name: 'stage.show', data: { scene: 'result' } }]);
    await press('Susun suara ulang');
    expect(screen.getByLabelText<HTMLTextAreaElement>('Pertanyaan').value).toBe('Ulang: Tiga prioritas lintas kelurahan');
    expect(screen.getByText('Pilihan (2)')).toBeTruthy();
  });

  it('elected proposals are moved on the board in one press', async () => {
    const store = running();
    const options = [{ id: 'BKS00001', label: 'Drainase' }, { id: 'BKS00023', label: 'MCK' }];
    const counts = [{ option: 'BKS00001', votes: 5 }, { option: 'BKS00023', votes: 9 }];
    store.put('ballot', closed({ options, result: { counts, cast: 9, blank: 0, electorate: 240, elected: ['BKS00023'], tied: [], root: 'ab' } }));
    open(store);
    await key('3');
    await press('Pindahkan 1 usulan ke Terpilih');
    expect(store.sent).toEqual([{ name: 'proposal.move', data: { proposal: 'BKS00023', base: 1, status: 'PRIORITISED', before: null } }]);
  });

  it('a result of a session that is over is read, not taken back', async () => {
    const store = running();
    store.put('session', { ...running().session!, phase: 'sealed' });
    store.put('ballot', { ...ballot('b1'), state: 'closed', result: { counts: [], cast: 0, blank: 0, electorate: 240, elected: [], tied: [], root: 'ab' } } as unknown as ReturnType<typeof ballot>);
    open(store);
    expect(screen.getByRole('button', { name: 'Lihat pemungutan suara' })).toBeTruthy();
    await key('3');
    expect(screen.getByText('Buka catatan lengkap')).toBeTruthy();
    for (const name of ['Ulang pemungutan suara', 'Batalkan pemungutan suara']) expect(screen.queryByRole('button', { name })).toBeNull();
    await press('Susun baru');
    expect(screen.getByText('Sidang sudah ditutup')).toBeTruthy();
  });

  it('a void ballot says why', async () => {
    const store = running();
    store.put('ballot', ballot('b1', { state: 'void', closed_at: NOW, reason: 'Pertanyaan keliru' }));
    open(store);
    await key('3');
    expect(screen.getByText('Pemungutan suara ini dibatalkan')).toBeTruthy();
    expect(screen.getByText('Alasan: Pertanyaan keliru')).toBeTruthy();
  });

  const rule = {
    method: 'single' as const, scale_least: 0, scale_most: 0, variant: '' as const, points: 0, budget: null, majority: 'simple' as const, base: 'cast' as const, places: 1,
    tie: 'chair' as const, weights: 'none' as const, rounds: 1, revote: false, quorum: false, delegations: 0, witness_confirms: true, electorate: 'all' as const,
  }; // prettier-ignore
  const tie = { counts: [{ option: 'a', votes: 9 }, { option: 'b', votes: 9 }, { option: 'c', votes: 1 }], cast: 19, blank: 0, electorate: 240, elected: [], tied: ['a', 'b'], root: 'ab' };

  it('the chair breaks a tie with one of the tied and a reason', async () => {
    const store = running();
    store.put('ballot', closed({ rule, result: tie }));
    open(store);
    await key('3');
    await press('Putusan ketua');
    expect(within(dialog()).getAllByRole('radio')).toHaveLength(2);
    await fireEvent.click(within(dialog()).getByRole('radio', { name: /Penerangan/ }));
    await fireEvent.input(within(dialog()).getByLabelText('Alasan'), { target: { value: 'Lebih mendesak' } });
    await expectAccessible();
    await press('Tetapkan', dialog());
    expect(store.sent).toEqual([{ name: 'ballot.break_tie', data: { ballot: 'b1', option: 'b', reason: 'Lebih mendesak' } }]);
  });

  it('a tie to be voted on again opens its next round, and any ballot is held again for a reason', async () => {
    const store = running();
    store.put('ballot', closed({ rule: { ...rule, tie: 'revote' }, result: tie }));
    open(store);
    await key('3');
    await press('Buka putaran berikutnya');
    await press('Buka putaran berikutnya', dialog());
    await press('Ulang pemungutan suara');
    await fireEvent.input(within(dialog()).getByLabelText('Alasan'), { target: { value: 'Salah hitung' } });
    await press('Batalkan dan ulang', dialog());
    expect(store.sent).toEqual([
      { name: 'ballot.next', data: { ballot: 'b1' } },
      { name: 'ballot.rerun', data: { ballot: 'b1', reason: 'Salah hitung' } },
    ]);
  });

  it('shows the hands of each hall and whether the witness confirmed them', async () => {
    const store = running();
    const hand = { hall: 'pejuang', cast: 12, blank: 1, counts: [{ option: 'a', votes: 11 }], operator: 'p1', witness: 's0', confirmed: false, version: 1 };
    store.put('ballot', ballot('b1', { secrecy: 'open', proof: null, rule, hands: [hand], channels: { hand: 14 } }));
    open(store);
    await key('3');
    const row = screen.getByRole('rowheader', { name: 'Pejuang' }).closest('tr') as HTMLElement;
    expect(row.textContent).toMatch(/12.*11.*0.*0.*1.*Menunggu saksi/);
    expect(screen.getByText('14 kursi memilih dengan angkat tangan, 0 lewat kios.')).toBeTruthy();
    await press(/Tutup suara/);
    expect(dialog().textContent).toMatch(/Menunggu saksi.*Pejuang \(12\): tidak ikut dihitung bila ditutup sekarang/);
    await press('Tutup dan tetapkan', dialog());
    expect(store.sent).toEqual([{ name: 'ballot.close', data: { ballot: 'b1' } }]);
  });

  const waits = { hall: 'pejuang', cast: 12, blank: 1, counts: [{ option: 'a', votes: 11 }], operator: 'p1', witness: 's0', confirmed: false, version: 1 };
  const corrects = { ...waits, hall: 'aren-jaya', cast: 7, version: 2, earlier: true as const };
  const hands = { secrecy: 'open' as const, proof: null, rule, hands: [waits, corrects], channels: { hand: 20 } };

  it('warns in the last minute of hands that wait for their witness, and not before', async () => {
    const store = running();
    store.put('ballot', ballot('b1', { ...hands, closes_at: NOW + 61_000 }));
    open(store);
    await key('3');
    expect(screen.queryByText(/Saksi belum membenarkan/)).toBeNull();
    store.put('ballot', ballot('b1', { ...hands, closes_at: NOW + 60_000 }));
    expect((await screen.findByText('Saksi belum membenarkan: Pejuang (12)')).closest('.banner')?.textContent).toMatch(/01:00.*tidak ikut dihitung/);
    expect(screen.getByText('Saksi belum membenarkan: Aren Jaya (7)').closest('.banner')?.textContent).toMatch(/yang dipakai hitungan sebelumnya/);
    expect(screen.getAllByRole('alert').map((one) => one.textContent)).toContain('Saksi belum membenarkan: Pejuang (12), Aren Jaya (7)');
    await press(/Tutup suara/);
    expect(dialog().textContent).toMatch(/Aren Jaya \(7\): bila ditutup sekarang, yang dipakai hitungan sebelumnya/);
    await press('Kembali, biarkan terbuka', dialog());
    store.put('ballot', ballot('b1', { ...hands, closes_at: NOW + 60_000, hands: [{ ...waits, confirmed: true }] }));
    await vi.waitFor(() => expect(screen.queryByText(/Saksi belum membenarkan/)).toBeNull());
  });

  it('says which hands were left out of a result, and what to do', async () => {
    const store = running();
    const left_out = [{ hall: 'aren-jaya', cast: 7, earlier: true as const }, { hall: 'pejuang', cast: 12 }];
    store.put('ballot', closed({ ...hands, hands: [waits], result: { ...tie, left_out } }));
    open(store);
    await key('3');
    expect(screen.getByText('Tangan tidak ikut dihitung: Pejuang (12)').closest('.banner')?.textContent).toMatch(/ulang pemungutan suara ini dengan alasan/);
    expect(screen.getByText('Dipakai hitungan sebelumnya: Aren Jaya (7)')).toBeTruthy();
    expect(screen.getByText('12 angkat tangan tidak ikut dihitung: saksi belum membenarkan')).toBeTruthy();
    expect(screen.getByRole('rowheader', { name: 'Pejuang' }).closest('tr')?.textContent).toMatch(/Tidak ikut dihitung/);
  });

  it('where the rules want consensus first it is recorded here, or the reason to vote at once', async () => {
    const store = running();
    store.put('rules', { id: 'rules', preset: '', voting: { consensus_first: true, majority: 'absolute' } });
    sessionStorage.setItem('pleno.ballot.draft', JSON.stringify({ title: 'Prioritas', source: 'board', proposals: ['BKS00001', 'BKS00002'] }));
    open(store);
    await key('3');
    await press(/Buka suara/);
    noDialog();
    expect(screen.getByText(/Catat musyawarah dahulu/)).toBeTruthy();
    expect(screen.getByRole('option', { name: 'Menurut tata tertib: Lebih dari setengah' })).toBeTruthy();
    await press('Catat musyawarah');
    await expectAccessible();
    await press('Catat hasil', dialog());
    expect(store.sent).toEqual([{ name: 'consensus.declare', data: { subject: 'Prioritas', proposals: ['BKS00001', 'BKS00002'], outcome: 'not_agreed' } }]);
    await fireEvent.input(screen.getByLabelText('Alasan langsung memungut suara'), { target: { value: 'Mendesak' } });
    await press(/Buka suara/);
    expect(dialog()).toBeTruthy();
  });

  it('warns of a proof that can be shown, and reads weights of seats', async () => {
    const store = running();
    sessionStorage.setItem('pleno.ballot.draft', JSON.stringify({ title: 'Prioritas', source: 'board', proposals: ['BKS00001', 'BKS00002'], method: 'equal_shares', budget: 9 }));
    open(store);
    await key('3');
    expect(screen.getByText('Bukti tanpa isi tidak dapat dipakai')).toBeTruthy();
    await fireEvent.click(screen.getByRole('radio', { name: /Suara saya dan isinya/ }));
    expect(screen.getByText('Suara dapat diperlihatkan')).toBeTruthy();
    await fireEvent.click(screen.getByRole('radio', { name: /^Terbuka/ }));
    await fireEvent.change(screen.getByLabelText('Bobot suara'), { target: { value: 'given' } });
    await fireEvent.input(screen.getByLabelText('Bobot setiap kursi'), { target: { value: 's0;3\nsiapa;2' } });
    expect(screen.getByText(/^1 kursi terbaca/)).toBeTruthy();
    expect(screen.getByText('1 baris tidak terbaca: siapa;2')).toBeTruthy();
  });

  it('sets by what a hall votes, and warns that hands are not counted in secret', async () => {
    const store = running();
    store.put('channel', { id: 's0', channel: 'hand' });
    open(store);
    await key('3');
    expect(screen.getByText(/Pada suara rahasia tangan tidak dapat dihitung/)).toBeTruthy();
    await press('Atur ponsel, kios, angkat tangan');
    await expectAccessible();
    await fireEvent.change(within(dialog()).getByLabelText('Cara memilih Aren Jaya'), { target: { value: 'kiosk' } });
    expect(store.sent).toEqual([{ name: 'channel.set', data: { channel: 'kiosk', hall: 'aren-jaya' } }]);
  });

  it('does not open without the quorum that the rules ask for', async () => {
    const store = running();
    store.put('rules', { id: 'rules', preset: '', attendance: { quorum_needed_for_ballots: true } });
    open(store);
    await key('3');
    expect(screen.getByText(/Kuorum belum dinyatakan tercapai. Menurut tata tertib/)).toBeTruthy();
    expect(screen.getByRole('button', { name: /Buka suara/ }).getAttribute('aria-disabled')).toBe('true');
  });
});
