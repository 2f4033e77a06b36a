import { texts } from '../../text';
import id from './text.id';

export const g = texts(id, () => import('./text.en'));
