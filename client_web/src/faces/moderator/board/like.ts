import { count } from '../../../text';
import type { Likeness } from './remote';
import { b } from './text';
import dictionary from './text.id';

/** Why two proposals look alike: "sama katanya 82 %, jarak 40 m, RW sama". */
export function likeWords(like: Likeness): string {
  const words = like.reasons.map((reason) => {
    if (reason === 'same_words') return b('like.same_words', { n: String(Math.round(like.words * 100)) });
    if (reason === 'near' && like.metres !== null) return b('like.near', { n: count(like.metres) });
    const key = `like.${reason}`;
    return key in dictionary ? b(key as 'like.same_rw') : reason;
  });
  if (like.metres !== null && !like.reasons.includes('near')) words.push(b('like.metres', { n: count(like.metres) }));
  return words.join(', ');
}
