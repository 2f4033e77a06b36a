import { texts } from '../../text';
import id from './text.id';

export const h = texts(id, () => import('./text.en'));
