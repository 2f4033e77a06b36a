/** The wall of halls as data: how many columns, what each tile says, and what is asked of the media plane for a scene. */
import type { Wish } from '../../media/subscriber';
import type { DeckFields, Entity, FloorFields, Presence, Scene, StageFields } from '../../wire/protocol';

export interface WallTile {
  readonly id: string;
  readonly name: string;
  /** `blanked`: the chair took its picture and sound away; a calm tile, without the reason. */
  readonly state: 'live' | 'speaking' | 'cut' | 'absent' | 'blanked';
  /** Why there is no picture though the hall is here. */
  readonly without: 'audio' | 'silent' | null;
  readonly weak: boolean;
  /** Place in the floor queue, 1-based; 0 = none. */
  readonly queued: number;
  readonly muted: boolean;
  /** Since when the hall is connected or cut, server ms. */
  readonly since: number;
}

/** Columns and rows that hold n tiles of 16:9 on a 16:9 screen: 12 → 4 × 3, 56 → 8 × 7. */
export function grid(n: number): { columns: number; rows: number } {
  const columns = Math.max(1, Math.ceil(Math.sqrt(n)));
  return { columns, rows: Math.max(1, Math.ceil(n / columns)) };
}

function stateOf(presence: Presence | undefined, site: Entity<'site'> | undefined, speaking: boolean): WallTile['state'] {
  if (site?.blanked) return 'blanked';
  if (site?.lost_at) return 'cut';
  if (presence === undefined || presence.link === 'absent') return 'absent';
  if (!presence.connected || presence.link === 'cut') return 'cut';
  return speaking ? 'speaking' : 'live';
}

export function tiles(
  halls: readonly Entity<'hall'>[],
  presence: Readonly<Record<string, Presence>>,
  floor: FloorFields | undefined,
  sites: readonly Entity<'site'>[] = [],
): WallTile[] {
  const places = new Map(sites.map((site) => [site.id, site]));
  return halls.map(({ id, name }) => {
    const here = presence[id];
    const site = places.get(id);
    return {
      id,
      name,
      state: stateOf(here, site, floor?.holder?.hall === id || here?.speaking === true),
      without: here?.link === 'audio' ? 'audio' : here?.publishing === false ? 'silent' : null,
      weak: here?.connected === true && here.link === 'weak',
      queued: (floor?.queue.findIndex((speaker) => speaker.hall === id) ?? -1) + 1,
      muted: site?.muted === true,
      since: site?.lost_at ?? here?.since ?? 0,
    };
  });
}

/** Whether there should be a picture of it: it is here, not withheld, and sends one. */
export const shows = (tile: WallTile): boolean => (tile.state === 'live' || tile.state === 'speaking') && tile.without !== 'silent';

/** The halls that have a tile: the interpreter's, where nobody else sits, has its own place beside the wall. */
export const onWall = (halls: readonly Entity<'hall'>[], stage: StageFields | undefined): Entity<'hall'>[] =>
  halls.filter((hall) => hall.id !== stage?.interpreter || hall.seat_count > 0);

const STAGE_MOST = 4;

/** The halls on stage: the spotlight alone, else whoever holds the floor and then the panel, each once. */
export function stageHalls(stage: StageFields | undefined, floor: FloorFields | undefined): string[] {
  if (stage?.spotlight) return [stage.spotlight];
  const holder = floor?.holder ? [floor.holder.hall] : [];
  return [...new Set([...holder, ...(floor?.panel ?? []).map((member) => member.hall)])].slice(0, STAGE_MOST);
}

/** The first hall on stage. */
export const stageHall = (stage: StageFields | undefined, floor: FloorFields | undefined): string | null => stageHalls(stage, floor)[0] ?? null;

/** The deck whose page is shown, if any is. */
export const shownDeck = (decks: readonly Entity<'deck'>[]): (DeckFields & { readonly id: string }) | undefined => decks.find((deck) => deck.page > 0);

const BESIDE = 2;

/** The halls shown small beside the stage: the next in the queue, each once, never one on stage. */
export function beside(stage: StageFields | undefined, floor: FloorFields | undefined): string[] {
  const main = stageHalls(stage, floor);
  const others = [floor?.holder?.hall, ...(floor?.queue ?? []).map((speaker) => speaker.hall)];
  return [...new Set(others)].filter((hall): hall is string => hall !== undefined && !main.includes(hall)).slice(0, BESIDE);
}

/** What a scene needs, and before all else the interpreter. */
export function wish(
  scene: Scene,
  halls: readonly Entity<'hall'>[],
  stage: StageFields | undefined,
  floor: FloorFields | undefined,
  audio: boolean,
  deck = false,
): Wish {
  const wanted = sceneWish(scene, halls, stage, floor, audio, deck);
  const signer = stage?.interpreter ?? null;
  return signer === null ? wanted : { ...wanted, halls: [signer, ...wanted.halls.filter((id) => id !== signer)] };
}

/** All thumbnails for the wall (speaker first), HD only where the stage is large. */
function sceneWish(
  scene: Scene,
  halls: readonly Entity<'hall'>[],
  stage: StageFields | undefined,
  floor: FloorFields | undefined,
  audio: boolean,
  deck: boolean,
): Wish {
  const main = stageHall(stage, floor);
  if (scene === 'wall') {
    const all = halls.map((hall) => hall.id);
    return { halls: main !== null && all.includes(main) ? [main, ...all.filter((id) => id !== main)] : all, stage: false, audio };
  }
  if (scene === 'stage') return { halls: beside(stage, floor), stage: true, audio };
  return { halls: [], stage: scene === 'board' || (scene === 'slides' && !deck), audio };
}
