/** Words for a hall's devices beside each other: tablets, displays; and for the hall's own vote. */
import { texts } from '../../text';
import id from './devices.id';

export const d = texts(id, () => import('./devices.en'));
