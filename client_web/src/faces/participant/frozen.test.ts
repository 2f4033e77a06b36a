import { describe, expect, it } from 'vitest';
import { changedCount, longestRise } from './frozen';

describe('a list that holds still', () => {
  it('counts nothing when the order is the same', () => {
    expect(changedCount(['a', 'b', 'c'], ['a', 'b', 'c'])).toBe(0);
  });

  it('counts one card moved to the front as one, not as all it passed', () => {
    expect(changedCount(['a', 'b', 'c', 'd'], ['d', 'a', 'b', 'c'])).toBe(1);
  });

  it('counts those that came and those that went', () => {
    expect(changedCount(['a', 'b', 'c'], ['a', 'c', 'x'])).toBe(2);
  });

  it('counts a reversed list as all but one', () => {
    expect(changedCount(['a', 'b', 'c'], ['c', 'b', 'a'])).toBe(2);
  });

  it('finds the longest rise', () => {
    expect(longestRise([])).toBe(0);
    expect(longestRise([3, 1, 2, 5, 4])).toBe(3);
  });
});
