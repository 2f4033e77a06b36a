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

/**
 * How many entries of `wanted` stand elsewhere than in `shown`: those new, those gone, and the fewest that must move
 * for the rest to be in order.
 */
export function changedCount(shown: readonly string[], wanted: readonly string[]): number {
  const place = new Map(shown.map((id, index) => [id, index]));
  const common = wanted.map((id) => place.get(id)).filter((index) => index !== undefined);
  const added = wanted.length - common.length;
  const gone = shown.length - common.length;
  return added + gone + (common.length - longestRise(common));
}
