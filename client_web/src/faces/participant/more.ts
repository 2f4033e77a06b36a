/** Texts of the second part of the phone's code: the first download does not carry them. */
import { texts } from '../../text';
import id from './more.id';

export const m = texts(id, () => import('./more.en'));
