/**
 * The participant's page as a bundle and a page of its own: it shares nothing with the desk faces, so a phone on poor 4G
 * gets the parts of the runtime, the icons and the style rules that its own sources name, and no others. What only the
 * second part names comes with the second part. A service worker keeps all of it on the phone.
 */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { existsSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { brotliCompressSync } from 'node:zlib';
import { dirname, resolve } from 'node:path';
import postcss from 'postcss';
import { build, type Plugin, type Rolldown } from 'vite';
import { ICON, iconNames, trimIcons } from './icons.build.ts';

const ROOT = import.meta.dirname;
const FACE = resolve(ROOT, 'src/faces/participant');
const ENTRY = resolve(FACE, 'page.ts');
const LATER = resolve(FACE, 'later.ts');
const WORKER = resolve(FACE, 'worker/main.ts');
const OUTLINES = resolve(ROOT, 'src/icons/outlines.ts');
/** Compressed page, script and style before the board stands: with the snapshot of 1,451 cards a visit stays below 60 KB. */
const FIRST_BYTES = 38_000;
const STATIC_IMPORT = /(?:from|import)\s*['"](\.[^'"]+)['"]/g;
const ANY_IMPORT = /(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g;

type Texts = ReadonlyMap<string, string>;

/** The text of every source the entry reaches by relative imports; what none of them spells is not needed. */
function reached(entry: string, pattern: RegExp): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (path: string): void => {
    const file = [path, `${path}.ts`, `${path}/index.ts`].find((one) => existsSync(one) && /\.\w+$/.test(one));
    if (!file || found.has(file) || !/\.(ts|svelte)$/.test(file)) return;
    const text = readFileSync(file, 'utf8');
    found.set(file, text);
    for (const [, name] of text.matchAll(pattern)) visit(resolve(dirname(file), name as string));
  };
  visit(entry);
  return found;
}

const all = (texts: Texts, pattern: RegExp): string[] =>
  Array.from(texts.values()).flatMap((text) => Array.from(text.matchAll(pattern), (found) => found[1] as string));

/** Class names: whatever stands in a `class` attribute, plain or computed. */
const classNames = (texts: Texts): Set<string> => new Set(all(texts, /class=("[^"]*"|\{[^}]*\})/g).flatMap((one) => one.match(/[\w-]+/g) ?? []));

/** Besides components, what names icons; words that look like one stand in every other module. */
const NAMES_ICONS = /(\.svelte|\/state\/outcome\.ts)$/;

const iconsOf = (texts: Texts): Set<string> =>
  iconNames(Array.from(texts).filter(([file]) => NAMES_ICONS.test(file)).map(([, text]) => text));

const classesOf = (selector: string): string[] => Array.from(selector.matchAll(/\.([A-Za-z][\w-]*)/g), ([, name]) => name as string);

/** Keeps the selectors that `wanted` says yes to, and drops what is empty then, and fonts: phones use their own. */
function sifted(css: string, wanted: (selector: string) => boolean): string {
  const sheet = postcss.parse(css);
  sheet.walkComments((one) => void one.remove());
  sheet.walkRules((rule) => {
    if (rule.parent?.type === 'atrule' && (rule.parent as postcss.AtRule).name === 'keyframes') return;
    const kept = rule.selectors.filter(wanted);
    if (kept.length === 0) rule.remove();
    else if (kept.length < rule.selectors.length) rule.selectors = kept;
  });
  sheet.walkAtRules((rule) => {
    if (rule.name === 'font-face' || rule.nodes?.length === 0) rule.remove();
  });
  return sheet.toString();
}

/** Drops every selector with a class that no reached source spells, and the dark theme: the page has one. */
export const trimCss = (css: string, known: ReadonlySet<string>): string =>
  sifted(css, (one) => !one.includes('[data-theme=') && classesOf(one).every((name) => known.has(name)));

/** What a sheet of the second part adds to that of the first. */
export const restOfCss = (css: string, first: ReadonlySet<string>): string => {
  const sheet = postcss.parse(sifted(css, (one) => classesOf(one).some((name) => !first.has(name))));
  sheet.walkAtRules('keyframes', (rule) => void rule.remove());
  return sheet.toString();
};

/** Hydration is for pages rendered by a server; without it a tenth of Svelte's runtime is not needed. */
const NO_HYDRATION = [
  'export const hydrating = false;',
  'export const hydrate_node = undefined;',
  ...['set_hydrating', 'set_hydrate_node', 'hydrate_next', 'reset', 'hydrate_template', 'next', 'skip_nodes', 'read_hydration_instruction'].map(
    (name) => `/* @__NO_SIDE_EFFECTS__ */ export function ${name}() {}`,
  ),
].join('\n');

/** What Svelte decides at run time and is settled here: no legacy components, no asynchronous ones, no tracing. */
function settledFlags(source: string): string {
  const settled = source.replace(/export let (\w+_flag) = false;/g, 'export const $1 = false;').replace(/^\t\w+_flag = (true|false);$/gm, '');
  if (settled.split('export const').length !== 4) throw new Error("Svelte's flags are no longer what they were: see settledFlags()");
  return settled;
}

function trimming(first: Texts, whole: Texts): Plugin {
  const early = iconsOf(first);
  const late = new Set(Array.from(iconsOf(whole)).filter((name) => !early.has(name)));
  return {
    name: 'pleno-trim',
    enforce: 'pre',
    transform(code, id) {
      // Words for refusals are read by the second part alone; without this mark the first would hold them.
      if (id.endsWith('/text/errors.ts')) return { moduleSideEffects: false };
      if (id !== LATER) return null;
      const icons = Array.from(readFileSync(OUTLINES, 'utf8').matchAll(ICON)).filter(([, name]) => late.has(name as string));
      const added = icons.map(([, name, path]) => `'${name}': ${path}`).join(', ');
      return `import { OUTLINES } from '../../icons/outlines';\nObject.assign(OUTLINES, { ${added} });\n${code}`;
    },
    load(id) {
      if (id === OUTLINES) return trimIcons(readFileSync(id, 'utf8'), early);
      if (id.endsWith('/svelte/src/internal/client/dom/hydration.js')) return NO_HYDRATION;
      // the second part names its style sheet itself: nothing is to be loaded before it
      if (id.endsWith('vite/preload-helper.js')) return 'export const __vitePreload = (load) => load();';
      return id.endsWith('/svelte/src/internal/flags/index.js') ? settledFlags(readFileSync(id, 'utf8')) : null;
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

const hash = (...texts: string[]): string => texts.reduce((sum, text) => sum.update(text), createHash('sha256')).digest('hex').slice(0, 10);

const OPTIONS = { root: ROOT, configFile: false, logLevel: 'warn', publicDir: false } as const;

async function bundle(): Promise<Map<string, string | Uint8Array>> {
  const first = reached(ENTRY, STATIC_IMPORT);
  const whole = reached(ENTRY, ANY_IMPORT);
  const { output } = (await build({
    ...OPTIONS,
    plugins: [trimming(first, whole), svelte({ compilerOptions: { runes: true } })],
    build: {
      write: false,
      target: 'es2022',
      assetsInlineLimit: 0,
      cssCodeSplit: false,
      modulePreload: false,
      rolldownOptions: {
        input: { phone: ENTRY },
        output: {
          entryFileNames: 'assets/phone-[hash].js',
          chunkFileNames: 'assets/phone-[name]-[hash].js',
          assetFileNames: 'assets/phone-[name]-[hash][extname]',
        },
      },
    },
  })) as Rolldown.RolldownOutput;
  const entry = output.find((one) => one.type === 'chunk' && one.isEntry);
  const styles = output.find((one) => one.type === 'asset' && one.fileName.endsWith('.css'));
  if (entry?.type !== 'chunk' || styles?.type !== 'asset') throw new Error('the phone bundle lacks its entry or its style sheet');

  const css = trimCss(String(styles.source), classNames(whole));
  const early = trimCss(css, classNames(first));
  const late = restOfCss(css, classNames(first));
  // the names follow the trimmed text: they are cached for ever
  const [sheet, sheetLater] = [`assets/phone-${hash(early)}.css`, `assets/phone-later-${hash(late)}.css`];
  const page = readFileSync(resolve(ROOT, 'participant.html'), 'utf8').replace('%SHEET%', sheet).replace('%LATER%', sheetLater).replace('%ENTRY%', entry.fileName);
  keepSlim(Array.from(whole.keys()), [page, entry.code, early]);

  const files = new Map<string, string | Uint8Array>([[sheet, early], [sheetLater, late], ['participant.html', page]]); // prettier-ignore
  for (const one of output) if (one !== styles) files.set(one.fileName, one.type === 'chunk' ? one.code : one.source);
  files.set('sw.js', await worker(files, entry.fileName));
  return files;
}

/** Kept once somebody has chosen English on this phone. */
const ENGLISH = /phone-(.+\.)?en-[\w-]+\.js$/;
/** Of no use without a network: the way in where no WebSocket is let through. */
const SELDOM = /-polling-/;

/** The service worker: one classic script that knows the files of this build by name. */
async function worker(files: ReadonlyMap<string, string | Uint8Array>, entry: string): Promise<string> {
  const names = Array.from(files.keys()).filter((name) => name.startsWith('assets/') && !SELDOM.test(name));
  const made = {
    version: hash(...Array.from(files, ([name, text]) => `${name}${name.endsWith('.html') ? String(text) : ''}`)),
    entry: `/${entry}`,
    files: names.filter((name) => !ENGLISH.test(name)).map((name) => `/${name}`),
    english: names.filter((name) => ENGLISH.test(name)).map((name) => `/${name}`),
  };
  const { output } = (await build({
    ...OPTIONS,
    define: { __MADE__: JSON.stringify(made) },
    build: { write: false, target: 'es2022', rolldownOptions: { input: WORKER, output: { format: 'iife', entryFileNames: 'sw.js' } } },
  })) as Rolldown.RolldownOutput;
  return output[0].code;
}

/** Builds the participant's page beside the others; while developing, it is served from the sources like them. */
export function phone(): Plugin {
  let made: Map<string, string | Uint8Array> | null = null;
  return {
    name: 'pleno-phone',
    apply: 'build',
    async buildStart() {
      made = await bundle();
    },
    generateBundle() {
      for (const [fileName, source] of made ?? []) this.emitFile({ type: 'asset', fileName, source });
    },
  };
}
