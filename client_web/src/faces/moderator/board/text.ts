import { texts } from '../../../text';
import id from './text.id';

/** Texts of the board's own panels, which the agency's desk shares. */
export const b = texts(id, () => import('./text.en'));
