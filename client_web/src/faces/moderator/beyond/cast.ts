/** Where this session may be shown, and whether each place has it already. */
import type { Entity } from '../../../wire/protocol';
import type { Store } from '../store';

/** arrived: the place recorded it. ending: it was told to stop and has not recorded that. */
export type Arrival = 'off' | 'waits' | 'arrived' | 'refused' | 'ending';

export interface Place {
  session: string;
  /** Of a group; other sessions are known by their id alone. */
  title: string | null;
  arrival: Arrival;
  /** Why it is not there yet. */
  parcel: Entity<'parcel'> | undefined;
}

/** The linked sessions, the groups that are out, and wherever it is shown already. */
export function places(store: Store): Place[] {
  const to = store.get('cast', 'cast')?.to ?? [];
  const groups = new Map(store.list('group').flatMap((group) => (group.state === 'out' || group.state === 'called' ? [[group.id, group.title] as const] : [])));
  const every = new Set([...(store.session?.reaches ?? []), ...groups.keys(), ...to]);
  return [...every].map((session): Place => {
    const on = to.includes(session);
    const parcel = store.list('parcel').findLast((one) => one.to === session && one.name === (on ? 'cast.begun' : 'cast.ended'));
    const arrival = parcel?.state === 'refused' && on ? 'refused' : parcel ? (on ? 'waits' : 'ending') : on ? 'arrived' : 'off';
    return { session, title: groups.get(session) ?? null, arrival, parcel };
  });
}
