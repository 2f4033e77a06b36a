/** Seats as people call them. */
import type { Entity } from '../../../wire/protocol';

/** Each by its office; where a hall has an office twice, the seat's id tells them apart. */
export function named<S extends Pick<Entity<'seat'>, 'id' | 'office'>>(seats: readonly S[]): (S & { name: string })[] {
  const times = new Map<string, number>();
  for (const seat of seats) times.set(seat.office, (times.get(seat.office) ?? 0) + 1);
  return seats.map((seat) => ({ ...seat, name: times.get(seat.office) === 1 ? seat.office : `${seat.office} (${seat.id})` }));
}
