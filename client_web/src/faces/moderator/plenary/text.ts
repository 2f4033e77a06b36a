import { texts } from '../../../text';
import id from './text.id';

/** Texts of what belongs to the session itself. */
export const p = texts(id, () => import('./text.en'));
