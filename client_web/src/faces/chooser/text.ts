/** Texts of the chooser. */
import { texts } from '../../text';
import id from './text.id';

export const c = texts(id, () => import('./text.en'));
