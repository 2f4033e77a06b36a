/** Texts of the participant's face. */
import { texts } from '../../text';
import id from './text.id';

export const p = texts(id, () => import('./text.en'));
