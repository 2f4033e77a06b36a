import type { Phase } from '../wire/words';

/** Nothing is deliberated or decided any more: closed, or sealed with its record. */
export const ended = (phase: Phase | undefined): boolean => phase === 'closed' || phase === 'sealed';
