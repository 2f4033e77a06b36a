/** Texts of logging in and of one's own account. */
import { texts } from '../../text';
import id from './text.id';

export const m = texts(id, () => import('./text.en'));
