import { texts } from '../../text';
import id from './text.id';

export const a = texts(id, () => import('./text.en'));
