/** Whether the office that runs this server named a source of map pictures: asked once a page. */
import { call } from '../../link/http';
import type { Tiles } from './canvas';

let asked: Promise<Tiles | null> | null = null;

/** None while nobody named one, and none when the answer does not come: points are shown without. */
export function tilesOf(): Promise<Tiles | null> {
  asked ??= call<{ tiles: Tiles | null }>('/api/map', {}).then((answer) => (answer?.ok ? answer.body.tiles : null));
  return asked;
}
