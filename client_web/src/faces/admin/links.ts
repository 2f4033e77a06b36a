/** Ids of other sessions as a person types them. */
export const REACHES_MOST = 200;

export const isId = (text: string): boolean => /^[A-Za-z0-9_-]{1,40}$/.test(text);

/** By lines, commas or spaces, each once. */
export const idsOf = (text: string): string[] => [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
