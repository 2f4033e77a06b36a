import { texts } from '../../text';
import id from './text.id';

export const m = texts(id, () => import('./text.en'));
