/** The address that the phones in the room are given. */

/** It opens on this machine alone. */
export const isLocal = (address: string): boolean => /^https?:\/\/(localhost|127\.|\[::1\])/.test(address);

/** As people type it. */
export const shown = (address: string): string => address.replace(/^https?:\/\//, '');
