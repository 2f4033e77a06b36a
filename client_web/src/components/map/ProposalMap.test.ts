import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { MapPoint } from './points';
import ProposalMap from './ProposalMap.svelte';

vi.mock('./canvas', () => ({ draw: () => { throw new Error('no canvas here'); } })); // prettier-ignore

const point = (i: number, area: string): MapPoint => ({ id: `p${i}`, lat: -6 - i / 1000, lon: 107, title: `Usulan ${i}`, area, tone: 'ok', word: 'Terpilih' });

afterEach(cleanup);

describe('the list beside the map', () => {
  it('says everything the map does, also where the map does not come', async () => {
    const onchoose = vi.fn();
    render(ProposalMap, { points: [point(1, 'Pejuang'), point(2, 'Aren Jaya')], chosen: 'p2', onchoose, label: 'Peta usulan' });
    expect(await screen.findByText('Peta tidak dapat dimuat. Daftar di sini berisi hal yang sama.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Usulan 2 Terpilih' }).getAttribute('aria-pressed')).toBe('true');
    await fireEvent.click(screen.getByRole('button', { name: 'Usulan 1 Terpilih' }));
    expect(onchoose).toHaveBeenCalledWith('p1');
  });

  it('of very many points opens one area at a time, and the one of the chosen point', async () => {
    const points = Array.from({ length: 1451 }, (_, i) => point(i, `Kelurahan ${i % 56}`));
    render(ProposalMap, { points, chosen: 'p3', onchoose: () => undefined, label: 'Peta usulan' });
    const opened = () => document.querySelectorAll('.pmap__head[aria-expanded="true"]').length;
    expect(opened()).toBe(1);
    expect(document.querySelectorAll('.pmap__row').length).toBeLessThan(30);
    const [closed] = document.querySelectorAll('.pmap__head[aria-expanded="false"]');
    if (closed) await fireEvent.click(closed);
    expect(opened()).toBe(2);
  });

  it('says that there is nothing to show yet', () => {
    render(ProposalMap, { points: [], chosen: null, onchoose: () => undefined, label: 'Peta usulan' });
    expect(screen.getByText('Belum ada titik di peta.')).toBeTruthy();
  });
});
