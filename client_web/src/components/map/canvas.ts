/** The map itself, drawn by Leaflet: a download of its own, for whoever opens a map. */
import 'leaflet/dist/leaflet.css';
import { DivIcon, LatLngBounds, Map as LeafletMap, Marker, TileLayer } from 'leaflet';
import { areasOf, grouped, scaleOf, SHAPES, tally, withRoom, type Box, type MapPoint, type Tone } from './points';

const SVG = 'http://www.w3.org/2000/svg';
const NEAR = 60; // pixels: fingers and plates want that much room
const CLOSEST = 17;
const NAME_HEIGHT = 20;
const NAME_BELOW = 34;
const MARK = 36; // what a mark or a plate takes, and a plate for each further tone as much again
const SCALE_WIDTH = 120;

/** An address with {z}, {x} and {y}, and whom to thank for its pictures. */
export interface Tiles {
  readonly url: string;
  readonly credit: string;
}

export interface Wishes {
  /** Somebody touched a mark: the points it stands for. */
  onpick: (points: readonly MapPoint[]) => void;
  /** After every move: a round length and how long it is drawn, in pixels. */
  onscale: (scale: { metres: number; width: number }) => void;
  tiles: Tiles | null;
  /** Whether nothing shall glide. */
  still: boolean;
}

export interface Drawing {
  /** The first points that come are all brought into view; after that the reader's view is kept. */
  show(points: readonly MapPoint[], chosen: string | null): void;
  /** All of it into view. */
  whole(): void;
  zoom(by: 1 | -1): void;
  close(): void;
}

export function shape(tone: Tone): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'mapshape');
  svg.dataset['tone'] = tone;
  for (const part of ['body', 'sign'] as const) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('class', `mapshape__${part}`);
    path.setAttribute('d', SHAPES[tone][part]);
    svg.append(path);
  }
  return svg;
}

function element(name: string, ...content: (Node | string)[]): HTMLElement {
  const made = document.createElement('span');
  made.className = name;
  made.append(...content);
  return made;
}

/** What stands for these points: a mark, or a plate that counts them by tone. */
function mark(points: readonly MapPoint[], chosen: boolean): HTMLElement {
  const [only] = points;
  if (points.length === 1 && only) {
    const made = element('mapmark', shape(only.tone));
    if (chosen) made.dataset['chosen'] = '';
    return made;
  }
  return element('mapgroup', ...tally(points).map(([tone, n]) => element('mapgroup__part', shape(tone), String(n))));
}

const iconOf = (html: HTMLElement): DivIcon => new DivIcon({ html, className: 'mapicon', iconSize: [0, 0] });
const boundsOf = (points: readonly MapPoint[]): LatLngBounds => new LatLngBounds(points.map(({ lat, lon }) => [lat, lon] as [number, number]));

export function draw(place: HTMLElement, { onpick, onscale, tiles, still }: Wishes): Drawing {
  // Its own buttons and credits are left out: ours are in words, and Leaflet's would set markup from text.
  const map = new LeafletMap(place, {
    zoomControl: false,
    attributionControl: false,
    keyboard: false,
    scrollWheelZoom: false,
    zoomSnap: tiles ? 1 : 0.25,
    minZoom: 3,
    maxZoom: CLOSEST,
    zoomAnimation: !still,
    fadeAnimation: !still,
    markerZoomAnimation: !still,
    inertia: !still,
  });
  if (tiles) new TileLayer(tiles.url, { maxZoom: CLOSEST }).addTo(map);
  let points: readonly MapPoint[] = [];
  let chosen: string | null = null;
  let marks: Marker[] = [];

  const add = (lat: number, lon: number, html: HTMLElement, members: readonly MapPoint[]): void => {
    const top = members.some((one) => one.id === chosen) ? 1000 : 0;
    const title = members.length === 1 ? (members[0]?.title ?? '') : '';
    const made = new Marker([lat, lon], { icon: iconOf(html), keyboard: false, interactive: members.length > 0, title, zIndexOffset: members.length > 0 ? top : -1000 });
    if (members.length > 0) made.on('click', () => pick(members));
    marks.push(made.addTo(map));
  };
  const pick = (members: readonly MapPoint[]): void => {
    onpick(members);
    const bounds = boundsOf(members);
    if (members.length > 1 && !bounds.getNorthEast().equals(bounds.getSouthWest())) map.fitBounds(bounds, { padding: [48, 48], maxZoom: CLOSEST, animate: !still });
  };
  const redraw = (): void => {
    for (const one of marks) one.remove();
    marks = [];
    if (points.length === 0) return;
    const zoom = map.getZoom();
    const seen = map.getBounds().pad(0.25);
    const project = ({ lat, lon }: { lat: number; lon: number }) => map.project([lat, lon], zoom);
    const others = points.filter((one) => one.id !== chosen);
    const taken: Box[] = [];
    for (const group of grouped(others, project, NEAR)) {
      const middle = map.unproject([group.x, group.y], zoom);
      taken.push({ x: group.x, y: group.y, width: MARK * tally(group.points).length + (group.points.length > 1 ? 20 : 0), height: MARK });
      if (seen.contains(middle)) add(middle.lat, middle.lng, mark(group.points, false), group.points);
    }
    const own = points.find((one) => one.id === chosen);
    if (own) add(own.lat, own.lon, mark([own], true), [own]);
    const names = areasOf(points)
      .sort((one, other) => other.points.length - one.points.length)
      .map((area) => ({ area, x: project(area).x, y: project(area).y + NAME_BELOW, width: area.name.length * 8 + 8, height: NAME_HEIGHT }));
    for (const { area } of withRoom(names, taken)) add(area.lat, area.lon, element('maparea', area.name), []);
    const here = map.getCenter();
    const beside = map.unproject(map.project(here, zoom).add([1, 0]), zoom);
    onscale(scaleOf(map.distance(here, beside), SCALE_WIDTH));
  };
  map.on('moveend', redraw);
  map.on('resize', redraw);
  const sized = new ResizeObserver(() => map.invalidateSize({ animate: false }));
  sized.observe(place);

  const whole = (): void => {
    if (points.length > 0) map.fitBounds(boundsOf(points), { padding: [36, 36], maxZoom: 15, animate: !still });
  };
  return {
    show(next, now) {
      const first = points.length === 0;
      const moved = now !== null && now !== chosen;
      [points, chosen] = [next, now];
      if (first) whole();
      const own = moved ? points.find((one) => one.id === now) : undefined;
      if (own && !map.getBounds().contains([own.lat, own.lon])) map.panTo([own.lat, own.lon], { animate: !still });
      if (points.length === 0 || !first || own) redraw();
    },
    whole,
    zoom: (by) => void map.setZoom(map.getZoom() + by, { animate: !still }),
    close() {
      sized.disconnect();
      map.remove();
    },
  };
}
