/** The wall of halls as data: how many columns, what each tile says, and what is asked of the media plane for a scene. */
import type { Wish } from '../../media/subscriber';
import type { Entity, FloorFields, Presence, Scene, StageFields } from '../../wire/protocol';

export interface WallTile {
  readonly id: string;
  readonly name: string;
  readonly state: 'live' | 'speaking' | 'cut' | 'absent';
  /** Why there is no picture though the hall is here. */
  readonly without: 'audio' | 'silent' | null;
  readonly weak: boolean;
  /** Place in the floor queue, 1-based; 0 = none. */
  readonly queued: number;
  /** Since when the hall is connected or cut, server ms. */
  readonly since: number;
}

/** Columns and rows that hold n tiles of 16:9 on a 16:9 screen: 12 → 4 × 3, 56 → 8 × 7. */
export function grid(n: number): { columns: number; rows: number } {
  const columns = Math.max(1, Math.ceil(Math.sqrt(n)));
  return { columns, rows: Math.max(1, Math.ceil(n / columns)) };
}

function stateOf(presence: Presence | undefined, speaking: boolean): WallTile['state'] {
  if (presence === undefined || presence.link === 'absent') return 'absent';
  if (!presence.connected || presence.link === 'cut') return 'cut';
  return speaking ? 'speaking' : 'live';
}

export function tiles(
  halls: readonly Entity<'hall'>[],
  presence: Readonly<Record<string, Presence>>,
  floor: FloorFields | undefined,
): WallTile[] {
  return halls.map(({ id, name }) => {
    const here = presence[id];
    return {
      id,
      name,
      state: stateOf(here, floor?.holder?.hall === id || here?.speaking === true),
      without: here?.link === 'audio' ? 'audio' : here?.publishing === false ? 'silent' : null,
      weak: here?.connected === true && here.link === 'weak',
      queued: (floor?.queue.findIndex((speaker) => speaker.hall === id) ?? -1) + 1,
      since: here?.since ?? 0,
    };
  });
}

/** The hall on stage: the spotlight, else whoever holds the floor. */
export function stageHall(stage: StageFields | undefined, floor: FloorFields | undefined): string | null {
  return stage?.spotlight ?? floor?.holder?.hall ?? null;
}

const BESIDE = 2;

/** The halls shown small beside the stage: the next in the queue, each once, never the one on stage. */
export function beside(stage: StageFields | undefined, floor: FloorFields | undefined): string[] {
  const main = stageHall(stage, floor);
  const others = [floor?.holder?.hall, ...(floor?.queue ?? []).map((speaker) => speaker.hall)];
  return [...new Set(others)].filter((hall): hall is string => hall !== undefined && hall !== main).slice(0, BESIDE);
}

/** What a scene needs: all thumbnails for the wall (speaker first), HD only where the stage is large. */
export function wish(
  scene: Scene,
  halls: readonly Entity<'hall'>[],
  stage: StageFields | undefined,
  floor: FloorFields | undefined,
  audio: boolean,
): Wish {
  const main = stageHall(stage, floor);
  if (scene === 'wall') {
    const all = halls.map((hall) => hall.id);
    return { halls: main !== null && all.includes(main) ? [main, ...all.filter((id) => id !== main)] : all, stage: false, audio };
  }
  if (scene === 'stage') return { halls: beside(stage, floor), stage: true, audio };
  return { halls: [], stage: scene === 'board', audio };
}
