import { describe, expect, it } from 'vitest';
import { changedCount, longestRise, placesOf } from './frozen';

const rows = (ids: string): { id: string }[] => Array.from(ids, (id) => ({ id }));
const moved = (shown: string, wanted: string): number => changedCount(placesOf(rows(shown)), rows(wanted));

describe('a list that holds still', () => {
  it('counts nothing when the order is the same', () => {
    expect(moved('abc', 'abc')).toBe(0);
  });

  it('counts one card moved to the front as one, not as all it passed', () => {
    expect(moved('abcd', 'dabc')).toBe(1);
  });

  it('counts those that came and those that went', () => {
    expect(moved('abc', 'acx')).toBe(2);
  });

  it('counts a reversed list as all but one', () => {
    expect(moved('abc', 'cba')).toBe(2);
  });

  it('finds the longest rise', () => {
    expect(longestRise([])).toBe(0);
    expect(longestRise([3, 1, 2, 5, 4])).toBe(3);
  });
});
