/** Texts of the ballots' own panels. */
import { texts } from '../../../text';
import id from './text.id';

export const v = texts(id, () => import('./text.en'));
