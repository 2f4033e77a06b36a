/** Texts shared by all faces: `t(key)`, and what to tell a person about a code of the protocol. */
import id from './id';
import { texts } from './language';

export { errorText, type ErrorText } from './errors';
export { language, speak, texts } from './language';
export * from './format';

export const t = texts(id, () => import('./en'));
