/** Keys and trackers from the browser's own dice; works on plain HTTP, where randomUUID does not. */

const bytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

const hex = (data: Uint8Array): string => Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** 128 random bits as 32 hex digits: the tracker of a secret vote (protocol §3). */
export const newTracker = (): string => hex(bytes(16));

/** An idempotency key: 128 random bits, one an intention. */
export const newKey = (): string => `k_${hex(bytes(16))}`;
