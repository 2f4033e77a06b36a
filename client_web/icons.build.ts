/** The icons that are shipped: of those kept in src/icons/outlines.ts, the ones some source names. */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';

const SOURCES = resolve(import.meta.dirname, 'src');
const OUTLINES = 'icons/outlines.ts';

/** Whatever could be the name of an icon: one lower-case word in quotes. */
export const iconNames = (texts: readonly string[]): Set<string> =>
  new Set(texts.flatMap((text) => Array.from(text.matchAll(/["']([a-z][a-z0-9-]*)["']/g), (found) => found[1] as string)));

/** Name and outline of one icon; one a line, as the file is written. */
export const ICON = /^ {2}['"]?([a-z0-9-]+)['"]?: ?\n? *(['"][^'"]*['"]),\n/gm;

/** Drops every icon whose name is not known. */
export function trimIcons(source: string, known: ReadonlySet<string>): string {
  return source.replace(ICON, (line, name: string) => (known.has(name) ? line : ''));
}

/** Leaves out of the build what no source names; the phone's bundle does the same for itself, with its own sources. */
export function icons(): Plugin {
  return {
    name: 'pleno-icons',
    apply: 'build',
    enforce: 'pre',
    load(id) {
      if (!id.endsWith(OUTLINES)) return null;
      const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) => /(\.svelte|(?<!\.test)\.ts)$/.test(name) && !name.endsWith(OUTLINES));
      return trimIcons(readFileSync(id, 'utf8'), iconNames(files.map((name) => readFileSync(resolve(SOURCES, name), 'utf8'))));
    },
  };
}
