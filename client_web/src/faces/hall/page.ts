/** What this tab is to its hall, and how far it has come; kept with the tab, so that a reload leads nowhere else. */
import { keepInTab, keptInTab } from '../../link/tab';
import type { PageKind } from '../../wire/protocol';

const INSIDE = 'pleno.hall.inside';
const KIND = 'pleno.hall.page';

export const wasInside = (): boolean => keptInTab(INSIDE) !== null;

/** A reload is the first remedy people try: it must not lead back to the preflight. */
export const remember = (): void => void keepInTab(INSIDE, '1');

/**
 * What this tab was told to be, by the person or by its address (`?kios`, `?auto`). Nobody asks at a laptop: it is the
 * hall. A tablet or phone may be either, and must know before it joins, for a second page of the hall moves the first away.
 */
export function pageKind(search: string, touch: boolean): PageKind | null {
  const kept = keptInTab(KIND);
  if (kept === 'main' || kept === 'kiosk') return kept;
  const wanted = new URLSearchParams(search);
  if (wanted.has('kios')) return 'kiosk';
  return !touch || wanted.has('auto') || wasInside() ? 'main' : null;
}

export const keepKind = (kind: PageKind): void => void keepInTab(KIND, kind);
