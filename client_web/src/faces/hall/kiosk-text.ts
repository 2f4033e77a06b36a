/** Words for the voting kiosk: its start, its papers and its end. */
import { texts } from '../../text';
import id from './kiosk-text.id';

export const k = texts(id, () => import('./kiosk-text.en'));
