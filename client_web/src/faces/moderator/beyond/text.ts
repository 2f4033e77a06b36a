import { texts } from '../../../text';
import id from './text.id';

/** Texts of what lies beyond this session: groups, casting, the next level, last year. */
export const g = texts(id, () => import('./text.en'));
