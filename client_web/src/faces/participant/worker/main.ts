/** The entry of the service worker's own script; the build fills in its files. */
import { work, type Made, type Scope } from './worker';

declare const __MADE__: Made;

work(globalThis as unknown as Scope, __MADE__);
