/** Texts of the phone's second part. */
import { texts } from '../../text';
import id from './words.id';

export const q = texts(id, () => import('./words.en'));
