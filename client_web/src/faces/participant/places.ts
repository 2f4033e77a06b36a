/** The 1-based place of each proposal inside its board column, by counting: ranks on the wire are sparse. */
import { COLUMN_OF, type Entity } from '../../wire/protocol';

/** `rows`: all proposals in the board's order. */
export function placesIn(rows: readonly Entity<'proposal'>[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const places = new Map<string, number>();
  for (const { id, status } of rows) {
    const column = COLUMN_OF[status] ?? status;
    const place = (counts.get(column) ?? 0) + 1;
    counts.set(column, place);
    places.set(id, place);
  }
  return places;
}
