/** Tells a screen reader what changed in the room: floor, queue, ballots, halls that fall and come back. */
import { healthOf } from '../../components/health';
import type { Announcer } from './announcer.svelte';
import type { Store } from './store';
import { m } from './text';

interface Seen {
  holder: string | null;
  queue: ReadonlySet<string>;
  ballots: ReadonlyMap<string, string>;
  cut: ReadonlySet<string>;
}

function look(store: Store): Seen {
  return {
    holder: store.floor?.holder?.request ?? null,
    queue: new Set((store.floor?.queue ?? []).map((speaker) => speaker.request)),
    ballots: new Map(store.list('ballot').map((ballot) => [ballot.id, ballot.state])),
    cut: new Set(store.list('hall').flatMap((hall) => (healthOf(store.presence[hall.id]) === 'cut' ? [hall.id] : []))),
  };
}

/** The sentences for what differs between two looks, most important last (the last is what is spoken). */
export function news(store: Store, before: Seen, after: Seen): string[] {
  const out: string[] = [];
  const name = (hall: string): string => store.get('hall', hall)?.name ?? hall;
  for (const speaker of store.floor?.queue ?? []) if (!before.queue.has(speaker.request)) out.push(m('say.queued', { who: speaker.label }));
  for (const hall of after.cut) if (!before.cut.has(hall)) out.push(m('say.cut', { hall: name(hall) }));
  for (const hall of before.cut) if (!after.cut.has(hall)) out.push(m('say.back', { hall: name(hall) }));
  if (after.holder !== before.holder) {
    const holder = store.floor?.holder;
    out.push(holder ? m('say.turn', { who: holder.label }) : m('say.free'));
  }
  for (const ballot of store.list('ballot')) {
    if (before.ballots.get(ballot.id) === ballot.state) continue;
    out.push(m(ballot.state === 'open' ? 'say.ballot.open' : ballot.state === 'void' ? 'say.ballot.void' : 'say.ballot.closed', { title: ballot.title }));
  }
  return out;
}

/** Call in a component: watches the store as long as it lives. The first look is not news. */
export function announceNews(store: Store, announcer: Announcer): void {
  let before: Seen | null = null;
  $effect(() => {
    if (!store.loaded) return;
    const after = look(store);
    if (before !== null) {
      const lines = news(store, before, after);
      if (lines.length > 0) announcer.say(lines.join(' '));
    }
    before = after;
  });
}
