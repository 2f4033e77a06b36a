/**
 * The participant's page as a bundle of its own: it shares nothing with the desk faces, so a phone on poor 4G gets the
 * parts of the runtime, the icons and the style rules that its own sources name, and no others.
 */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { existsSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { brotliCompressSync } from 'node:zlib';
import { dirname, resolve } from 'node:path';
import postcss from 'postcss';
import { build, type Plugin, type Rolldown } from 'vite';
import { iconNames, trimIcons } from './icons.build.ts';

const ROOT = import.meta.dirname;
const ENTRY = resolve(ROOT, 'src/faces/participant/page.ts');
const VIRTUAL = 'virtual:pleno/phone';
/** Compressed script and style before the board stands; the snapshot (up to 30 KB) and a second part of 32 KB follow. */
const FIRST_BYTES = 44_000;
const IMPORT = /(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g;

/** The text of every source the entry reaches by relative imports; what none of them spells is not needed. */
function reached(entry: string): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (path: string): void => {
    const file = [path, `${path}.ts`, `${path}/index.ts`].find((one) => existsSync(one) && /\.\w+$/.test(one));
    if (!file || found.has(file) || !/\.(ts|svelte)$/.test(file)) return;
    const text = readFileSync(file, 'utf8');
    found.set(file, text);
    for (const [, name] of text.matchAll(IMPORT)) visit(resolve(dirname(file), name as string));
  };
  visit(entry);
  return found;
}

const all = (texts: readonly string[], pattern: RegExp): string[] => texts.flatMap((text) => Array.from(text.matchAll(pattern), (found) => found[1] as string));

/** Class names: whatever stands in a `class` attribute, plain or computed. */
const classNames = (texts: readonly string[]): Set<string> => new Set(all(texts, /class=("[^"]*"|\{[^}]*\})/g).flatMap((one) => one.match(/[\w-]+/g) ?? []));

/** Drops every selector with a class that no reached source spells, and fonts: phones use their own. */
export function trimCss(css: string, known: ReadonlySet<string>): string {
  const sheet = postcss.parse(css);
  sheet.walkRules((rule) => {
    const kept = rule.selectors.filter((one) => Array.from(one.matchAll(/\.([A-Za-z][\w-]*)/g)).every(([, name]) => known.has(name as string)));
    if (kept.length === 0) rule.remove();
    else if (kept.length < rule.selectors.length) rule.selectors = kept;
  });
  sheet.walkAtRules((rule) => {
    if (rule.name === 'font-face' || rule.nodes?.length === 0) rule.remove();
  });
  return sheet.toString();
}

function trimming(sources: ReadonlyMap<string, string>): Plugin {
  const icons = iconNames(Array.from(sources).flatMap(([file, text]) => (file.endsWith('outlines.ts') ? [] : [text])));
  return {
    name: 'pleno-trim',
    enforce: 'pre',
    /** Words for refusals are read by the second part alone; without this mark the first would hold them. */
    transform: (_, id) => (id.endsWith('/text/errors.ts') ? { moduleSideEffects: false } : null),
    load(id) {
      return id.endsWith('icons/outlines.ts') ? trimIcons(readFileSync(id, 'utf8'), icons) : null;
    },
  };
}

/** Throws when something that is not for phones got in, or the page grew beyond what poor 4G can be asked to carry. */
export function keepSlim(sources: readonly string[], first: readonly string[]): void {
  const strangers = sources.filter((file) => /\/src\/(media|faces\/(?!participant\/))/.test(file));
  if (strangers.length > 0) throw new Error(`not for phones: ${strangers.join(', ')}`);
  const bytes = first.reduce((sum, text) => sum + brotliCompressSync(text).length, 0);
  if (bytes > FIRST_BYTES) throw new Error(`the phone's first download is ${bytes} bytes, more than ${FIRST_BYTES}`);
}

interface Bundle {
  /** By file name, as the server will send them. */
  files: Map<string, string | Uint8Array>;
  entry: string;
  sheet: string;
}

async function bundle(): Promise<Bundle> {
  const sources = reached(ENTRY);
  const { output } = (await build({
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: [trimming(sources), svelte()],
    build: {
      write: false,
      target: 'es2022',
      assetsInlineLimit: 0,
      cssCodeSplit: false,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: { phone: ENTRY },
        preserveEntrySignatures: 'allow-extension',
        output: {
          entryFileNames: 'assets/phone-[hash].js',
          chunkFileNames: 'assets/phone-[name]-[hash].js',
          assetFileNames: 'assets/phone-[name]-[hash][extname]',
        },
      },
    },
  })) as Rolldown.RolldownOutput;
  const files = new Map<string, string | Uint8Array>();
  let sheet = '';
  for (const file of output) {
    if (file.type === 'asset' && file.fileName.endsWith('.css')) {
      const css = trimCss(String(file.source), classNames(Array.from(sources.values())));
      // the name follows the trimmed text: it is cached for ever
      sheet = `assets/phone-${createHash('sha256').update(css).digest('hex').slice(0, 10)}.css`;
      files.set(sheet, css);
    } else files.set(file.fileName, file.type === 'chunk' ? file.code : file.source);
  }
  const entry = output.find((one) => one.type === 'chunk' && one.isEntry);
  if (entry?.type !== 'chunk' || !sheet) throw new Error('the phone bundle lacks its entry or its style sheet');
  keepSlim(Array.from(sources.keys()), [entry.code, String(files.get(sheet))]);
  return { files, entry: entry.fileName, sheet };
}

/** Resolves `virtual:pleno/phone` (an `open()`): to the sources while developing, to the bundle when building. */
export function phone(): Plugin {
  let made: Bundle | null = null;
  let building = false;
  return {
    name: 'pleno-phone',
    configResolved(config) {
      building = config.command === 'build';
    },
    resolveId(id) {
      if (id === VIRTUAL) return building ? `\0${VIRTUAL}` : ENTRY;
      return id.startsWith('/assets/phone-') ? { id, external: true } : null;
    },
    async load(id) {
      if (id !== `\0${VIRTUAL}`) return null;
      made = await bundle();
      return [
        `const sheet = document.createElement('link');`,
        `sheet.rel = 'stylesheet'; sheet.href = '/${made.sheet}';`,
        `const styled = new Promise((done) => { sheet.onload = sheet.onerror = done; });`,
        `document.head.append(sheet);`,
        `export async function open() { const [page] = await Promise.all([import('/${made.entry}'), styled]); return page.open(); }`,
      ].join('\n');
    },
    generateBundle() {
      for (const [fileName, source] of made?.files ?? []) this.emitFile({ type: 'asset', fileName, source });
    },
  };
}
