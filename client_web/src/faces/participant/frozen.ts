/** A list that does not move under the reader: the order it was first shown in, and how many have moved since. */

/** Length of the longest run of `places` that is already in rising order (patience sorting). */
export function longestRise(places: readonly number[]): number {
  const tops: number[] = [];
  for (const place of places) {
    let low = 0;
    let high = tops.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((tops[middle] as number) < place) low = middle + 1;
      else high = middle;
    }
    tops[low] = place;
  }
  return tops.length;
}

/** Where each of a list stands. */
export const placesOf = (rows: readonly { id: string }[]): ReadonlyMap<string, number> => new Map(rows.map(({ id }, place) => [id, place]));

/**
 * How many of `wanted` stand elsewhere than in the list whose places are `shown`: those new, those gone, and the fewest
 * that must move for the rest to be in order.
 */
export function changedCount(shown: ReadonlyMap<string, number>, wanted: readonly { id: string }[]): number {
  const common: number[] = [];
  for (const { id } of wanted) {
    const place = shown.get(id);
    if (place !== undefined) common.push(place);
  }
  const added = wanted.length - common.length;
  const gone = shown.size - common.length;
  return added + gone + (common.length - longestRise(common));
}
