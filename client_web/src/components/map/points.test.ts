import { describe, expect, it } from 'vitest';
import { areasOf, grouped, legend, scaleOf, tally, withRoom, type MapPoint, type Tone } from './points';

const point = (id: string, lat: number, lon: number, tone: Tone = 'ok', area = 'Pejuang'): MapPoint => ({ id, lat, lon, title: id, area, tone, word: tone === 'ok' ? 'Terpilih' : 'Tidak disepakati' });
const place = ({ lat, lon }: MapPoint) => ({ x: lon * 100, y: lat * 100 });

describe('points on a map', () => {
  it('are shown as one where fingers could not tell them apart, and none is lost', () => {
    const groups = grouped([point('a', 0, 0), point('b', 0, 0.3), point('c', 0, 1), point('d', -0.01, -0.01)], place, 44);
    expect(groups.map(({ points }) => points.map((one) => one.id))).toEqual([['a', 'b', 'd'], ['c']]);
    expect(groups[0]?.x).toBeCloseTo((0 + 30 - 1) / 3);
  });

  it('of 1,451 are grouped at any scale without losing one', () => {
    const many = Array.from({ length: 1451 }, (_, i) => point(String(i), Math.sin(i * 7.1), Math.cos(i * 3.3)));
    for (const near of [1, 44, 1000]) expect(grouped(many, place, near).reduce((sum, one) => sum + one.points.length, 0)).toBe(1451);
  });

  it('name their area in the middle of its points', () => {
    const areas = areasOf([point('a', -6, 107), point('b', -7, 108), point('c', 0, 0, 'ok', 'Aren Jaya'), point('d', 5, 5, 'ok', '')]);
    expect(areas.map(({ name, lat, lon }) => [name, lat, lon])).toEqual([['Aren Jaya', 0, 0], ['Pejuang', -6.5, 107.5]]); // prettier-ignore
  });

  it('say in the legend how many there are of each word, the good ones first', () => {
    const all = [point('a', 0, 0, 'warn'), point('b', 0, 0), point('c', 0, 0, 'warn')];
    expect(legend(all)).toEqual([{ tone: 'ok', word: 'Terpilih', n: 1 }, { tone: 'warn', word: 'Tidak disepakati', n: 2 }]); // prettier-ignore
    expect(tally(all)).toEqual([['ok', 1], ['warn', 2]]); // prettier-ignore
  });
});

describe('names and scale', () => {
  it('leaves out a name that would lie over one before it', () => {
    const name = (x: number) => ({ x, y: 0, width: 80, height: 20 });
    expect(withRoom([name(0), name(70), name(85)])).toEqual([name(0), name(85)]);
    expect(withRoom([name(0), name(85)], [name(-10)])).toEqual([name(85)]);
  });

  it('draws a round length that fits', () => {
    expect(scaleOf(10, 120)).toEqual({ metres: 1000, width: 100 });
    expect(scaleOf(4.1, 120).metres).toBe(200);
  });
});
