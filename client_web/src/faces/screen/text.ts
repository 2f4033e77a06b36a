import { texts } from '../../text';
import id from './text.id';

export const s = texts(id, () => import('./text.en'));
