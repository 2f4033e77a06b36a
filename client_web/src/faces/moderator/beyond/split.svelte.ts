/** How the plenary is about to be split: by halls, or by fields of work with the participants dealt out seat by seat. */
import type { Store } from '../store';
import { g } from './text';

export const FIELDS = ['INFRASTRUKTUR', 'SOSIAL_BUDAYA', 'EKONOMI', 'PERTANIAN', 'LAINNYA'] as const;
export type Field = (typeof FIELDS)[number];
export const isField = (value: string): value is Field => (FIELDS as readonly string[]).includes(value);
export type By = 'halls' | 'fields';
/** Of a hall, field or seat that goes to no group. */
export const STAYS = -1;
export const MOST = { halls: 12, fields: FIELDS.length } as const;
export const FEWEST = 2;
/** No longer decided here, so they go to no group. */
const GONE: readonly string[] = ['MERGED', 'SENT_UP', 'ACCOMMODATED_NEXT_YEAR', 'ACCOMMODATED_CURRENT_YEAR', 'NOT_ACCOMMODATED', 'REALISED', 'NOT_REALISED'];

export interface Planned {
  title: string;
  halls: string[];
  fields?: string[];
  seats?: string[];
  moderator?: string;
}

export class Split {
  by = $state<By>('halls');
  /** How many groups; most forums work in three. */
  many = $state(3);
  /** Names as typed; a group without one is called by its number or its fields. */
  readonly titles = $state<Record<number, string>>({});
  readonly moderators = $state<Record<number, string>>({});
  /** What was chosen by hand; all others are dealt out in turn. */
  readonly #halls = $state<Record<string, number>>({});
  readonly #fields = $state<Record<string, number>>({});
  readonly #seats = $state<Record<string, number>>({});
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  readonly halls = $derived.by(() => this.#store.list('hall'));
  readonly #place = $derived.by(() => new Map(this.halls.map((hall, index) => [hall.id, index])));
  readonly seats = $derived.by(() => this.#store.list('seat'));
  readonly #number = $derived.by(() => new Map(this.seats.map((seat, index) => [seat.id, index])));
  /** The cards that can go. */
  readonly cards = $derived.by(() => {
    const out = new Set(this.#store.list('trail').flatMap((trail) => (trail.group === null ? [] : [trail.id])));
    return this.#store.list('proposal').filter((card) => !GONE.includes(card.status) && !out.has(card.id));
  });

  #dealt(chosen: number | undefined, usual: number): number {
    return chosen !== undefined && chosen < this.many ? chosen : usual;
  }
  groupOfHall(hall: string): number {
    return this.#dealt(this.#halls[hall], (this.#place.get(hall) ?? 0) % this.many);
  }
  groupOfField(field: Field): number {
    return this.#dealt(this.#fields[field], FIELDS.indexOf(field) % this.many);
  }
  groupOfSeat(seat: { id: string; hall: string }): number {
    if (this.by === 'halls') return this.#seats[seat.id] === STAYS ? STAYS : this.groupOfHall(seat.hall);
    return this.#dealt(this.#seats[seat.id], (this.#number.get(seat.id) ?? 0) % this.many);
  }
  putHall(hall: string, group: number): void {
    this.#halls[hall] = group;
  }
  putField(field: Field, group: number): void {
    this.#fields[field] = group;
  }
  /** By halls a seat either goes with its hall, which any group but STAYS says, or stays. */
  putSeat(seat: string, group: number): void {
    this.#seats[seat] = group;
  }

  fieldsOf(group: number): Field[] {
    return FIELDS.filter((field) => this.groupOfField(field) === group);
  }
  countOf(field: Field): number {
    return this.cards.filter((card) => card.field === field).length;
  }
  /** The group's name; `fieldName` says a field in words. */
  titleOf(group: number, fieldName: (field: Field) => string): string {
    const fields = this.by === 'fields' ? this.fieldsOf(group).map(fieldName).join(', ') : '';
    return this.titles[group] ?? (fields || g('groups.usual', { n: group + 1 }));
  }
  /** What each group takes along. */
  readonly takes = $derived.by(() => {
    const taken = Array.from({ length: this.many }, () => ({ seats: [] as string[], cards: 0, halls: [] as string[] }));
    for (const hall of this.halls) taken[this.groupOfHall(hall.id)]?.halls.push(hall.id);
    for (const seat of this.seats) taken[this.groupOfSeat(seat)]?.seats.push(seat.id);
    const groups = new Map<string, number>(FIELDS.map((field) => [field, this.groupOfField(field)]));
    for (const card of this.cards) {
      const group = taken[this.by === 'halls' ? this.groupOfHall(card.hall) : (groups.get(card.field ?? '') ?? STAYS)];
      if (group) group.cards += 1;
    }
    return taken;
  });
  readonly loose = $derived.by(() => this.cards.length - this.takes.reduce((sum, group) => sum + group.cards, 0));
  readonly blank = $derived.by(() => (this.by === 'fields' ? this.cards.filter((card) => !card.field).length : 0));

  groups(fieldName: (field: Field) => string): Planned[] {
    const all = this.halls.map((hall) => hall.id);
    const voices = new Map<string, number>();
    for (const seat of this.seats) voices.set(seat.hall, (voices.get(seat.hall) ?? 0) + 1);
    return this.takes.map((taken, n) => {
      const whole = taken.halls.reduce((sum, hall) => sum + (voices.get(hall) ?? 0), 0) === taken.seats.length;
      const parts = this.by === 'fields' ? { halls: all, fields: this.fieldsOf(n), seats: taken.seats } : { halls: taken.halls, ...(whole ? {} : { seats: taken.seats }) };
      const moderator = this.moderators[n];
      return { title: this.titleOf(n, fieldName).trim(), ...parts, ...(moderator ? { moderator } : {}) };
    });
  }

  /** Why it cannot be done yet, in a sentence. */
  blocked(fieldName: (field: Field) => string): string | null {
    const groups = this.groups(fieldName);
    if (this.halls.length === 0) return g('split.none');
    if (groups.some((group) => group.title === '')) return g('split.blocked.title');
    if (new Set(groups.map((group) => group.title)).size < groups.length) return g('split.blocked.twins');
    if (this.by === 'fields' && groups.some((group) => group.fields?.length === 0)) return g('split.blocked.fields');
    if (this.by === 'halls' && groups.some((group) => group.halls.length === 0)) return g('groups.blocked.halls');
    return this.takes.some((taken) => taken.seats.length === 0) ? g('split.blocked.seats') : null;
  }
}
