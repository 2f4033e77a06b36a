/** Points of a map: which of them lie so close that they are shown as one, and where the name of an area stands. */

export const TONES = ['ok', 'info', 'warn', 'bad', 'off'] as const;
export type Tone = (typeof TONES)[number];

/** lat, lon: degrees, WGS 84. word: the state in words, for instance "Terpilih"; tone gives it a colour and a shape. */
export interface MapPoint {
  readonly id: string;
  readonly lat: number;
  readonly lon: number;
  readonly title: string;
  readonly area: string;
  readonly tone: Tone;
  readonly word: string;
}

/** Pixels. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** x, y: its middle. */
export interface Box extends Spot {
  readonly width: number;
  readonly height: number;
}

export interface Group extends Spot {
  readonly points: readonly MapPoint[];
}

export interface Area {
  readonly name: string;
  readonly lat: number;
  readonly lon: number;
  readonly points: readonly MapPoint[];
}

/** One outline and one sign a tone, in a box of 24: told apart without colour. */
export const SHAPES: Record<Tone, { body: string; sign: string }> = {
  ok: { body: 'M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0z', sign: 'M7.5 12.5l3 3 6-6.5' },
  info: { body: 'M4 2.5h16a1.5 1.5 0 0 1 1.5 1.5v16a1.5 1.5 0 0 1 -1.5 1.5h-16a1.5 1.5 0 0 1 -1.5 -1.5v-16a1.5 1.5 0 0 1 1.5 -1.5z', sign: 'M7 12h10' },
  warn: { body: 'M12 1.5 23 21.5H1z', sign: 'M12 9v5M12 17.6v.01' },
  bad: { body: 'M12 .8 23.2 12 12 23.2.8 12z', sign: 'M8.7 8.7l6.6 6.6M15.3 8.7l-6.6 6.6' },
  off: { body: 'M3 12a9 9 0 1 0 18 0a9 9 0 1 0 -18 0z', sign: 'M7.8 12v.01M12 12v.01M16.2 12v.01' },
};

/** Points within `near` pixels of the first of a group belong to it; a group stands in the middle of its points. */
export function grouped(points: readonly MapPoint[], place: (point: MapPoint) => Spot, near: number): Group[] {
  interface Making {
    first: Spot;
    x: number;
    y: number;
    points: MapPoint[];
  }
  const all: Making[] = [];
  const cells = new Map<string, Making[]>();
  const cell = (spot: Spot, dx: number, dy: number): string => `${Math.floor(spot.x / near) + dx},${Math.floor(spot.y / near) + dy}`;
  const around = (spot: Spot): Making[] => [-1, 0, 1].flatMap((dx) => [-1, 0, 1].flatMap((dy) => cells.get(cell(spot, dx, dy)) ?? []));
  for (const point of points) {
    const spot = place(point);
    const found = around(spot).find(({ first }) => Math.hypot(first.x - spot.x, first.y - spot.y) <= near);
    if (found) {
      found.points.push(point);
      found.x += spot.x;
      found.y += spot.y;
      continue;
    }
    const made = { first: spot, x: spot.x, y: spot.y, points: [point] };
    all.push(made);
    const key = cell(spot, 0, 0);
    cells.set(key, [...(cells.get(key) ?? []), made]);
  }
  return all.map(({ x, y, points: members }) => ({ x: x / members.length, y: y / members.length, points: members }));
}

/** Areas in the order of their names, each in the middle of its points; points without an area are in none. */
export function areasOf(points: readonly MapPoint[]): Area[] {
  const byName = new Map<string, MapPoint[]>();
  for (const point of points) if (point.area !== '') byName.set(point.area, [...(byName.get(point.area) ?? []), point]);
  const middle = (all: readonly MapPoint[], of: (point: MapPoint) => number): number => all.reduce((sum, one) => sum + of(one), 0) / all.length;
  return Array.from(byName, ([name, all]) => ({ name, lat: middle(all, (one) => one.lat), lon: middle(all, (one) => one.lon), points: all })).sort(
    (one, other) => one.name.localeCompare(other.name, 'id'),
  );
}

/** Those for which there is room, the first ones first: none lies over another, nor over what is taken. */
export function withRoom<T extends Box>(wanted: readonly T[], taken: readonly Box[] = []): T[] {
  const kept: T[] = [];
  for (const one of wanted) {
    const over = (other: Box): boolean => Math.abs(one.x - other.x) < (one.width + other.width) / 2 && Math.abs(one.y - other.y) < (one.height + other.height) / 2;
    if (!kept.some(over) && !taken.some(over)) kept.push(one);
  }
  return kept;
}

/** How many points there are of each tone, in the order of TONES; tones without any are left out. */
export function tally(points: readonly MapPoint[]): [Tone, number][] {
  return TONES.map((tone): [Tone, number] => [tone, points.filter((point) => point.tone === tone).length]).filter(([, n]) => n > 0);
}

/** How many points each word stands for, by tone in the order of TONES. */
export function legend(points: readonly MapPoint[]): { tone: Tone; word: string; n: number }[] {
  const found = new Map<string, { tone: Tone; word: string; n: number }>();
  for (const { tone, word } of points) {
    const key = `${tone} ${word}`;
    const entry = found.get(key);
    if (entry) entry.n += 1;
    else found.set(key, { tone, word, n: 1 });
  }
  return Array.from(found.values()).sort((one, other) => TONES.indexOf(one.tone) - TONES.indexOf(other.tone) || one.word.localeCompare(other.word, 'id'));
}

/** The longest round length (1, 2 or 5 times a power of ten metres) that fits, and its width in pixels. */
export function scaleOf(metresAPixel: number, most: number): { metres: number; width: number } {
  const whole = metresAPixel * most;
  const power = 10 ** Math.floor(Math.log10(whole));
  const metres = power * ([5, 2, 1].find((step) => step * power <= whole) ?? 1);
  return { metres, width: metres / metresAPixel };
}
