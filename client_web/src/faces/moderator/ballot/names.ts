import { count } from '../../../text';
import { v } from './text';

/** A question on a small laptop has room for so many; with 56 halls the rest is counted. */
const NAMED = 6;

/** Names in a question, the first of them and how many more. */
export const few = (names: readonly string[]): string =>
  names.length > NAMED ? v('names.more', { names: names.slice(0, NAMED).join(', '), n: count(names.length - NAMED) }) : names.join(', ');
