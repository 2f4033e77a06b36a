/** Texts of the public face. */
import { texts } from '../../text';
import id from './text.id';

export const u = texts(id, () => import('./text.en'));
