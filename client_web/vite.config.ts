import { defineConfig } from 'vitest/config';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';
import { icons } from './icons.build.ts';
import { phone } from './phone.build.ts';

const OUT = '../server/static';
const BACKEND = process.env.PLENO_BACKEND ?? 'http://127.0.0.1:8080';

/** Writes a .br and a .gz beside every text file of the build: the server sends them as they are. */
function precompress(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) precompress(path);
    else if (/\.(js|css|html|svg|json|txt|webmanifest)$/.test(name)) {
      const bytes = readFileSync(path);
      writeFileSync(`${path}.br`, brotliCompressSync(bytes));
      writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
    }
  }
}

/**
 * Leaflet asks as it loads whether '<svg/>' set as markup becomes a drawing. Our policy (Trusted Types) lets no text become
 * markup, so that the question would end the map; the answer is yes in every browser the pages are made for.
 */
function leaflet(): Plugin {
  const question = "div.innerHTML = '<svg/>';";
  return {
    name: 'pleno-leaflet',
    transform(code, id) {
      if (!id.includes('leaflet-src')) return null;
      if (!code.includes(question)) throw new Error('Leaflet no longer asks what vite.config.ts answers for it');
      return { code: code.replace(question, "div.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'svg'));"), map: null };
    },
  };
}

let outDir = OUT;

export default defineConfig({
  plugins: [
    svelte(),
    svelteTesting(),
    icons(),
    phone(),
    leaflet(),
    {
      name: 'precompress',
      apply: 'build',
      enforce: 'post',
      configResolved: (config) => void (outDir = resolve(config.root, config.build.outDir)),
      closeBundle: { order: 'post', sequential: true, handler: () => void (existsSync(outDir) && precompress(outDir)) },
    },
  ],
  resolve: { alias: [{ find: /^leaflet$/, replacement: 'leaflet/dist/leaflet-src.esm.js' }] },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // The second is linked by the pages that the server makes for readers without scripts (server/pages).
      input: { index: 'index.html', pages: 'src/faces/public/pages.css' },
      output: {
        // Every face is called Face.svelte: its chunk is named after its folder.
        chunkFileNames: ({ facadeModuleId }) => {
          const face = /faces\/(\w+)\/Face\.svelte$/.exec(facadeModuleId ?? '')?.[1];
          return face ? `assets/face-${face}-[hash].js` : 'assets/[name]-[hash].js';
        },
      },
    },
  },
  server: {
    proxy: {
      '/api': BACKEND,
      '/healthz': BACKEND,
      '/socket.io': { target: BACKEND, ws: true },
    },
    fs: { allow: ['..'] },
  },
  test: {
    environment: 'jsdom',
    include: ['*.test.ts', 'src/**/*.test.ts'],
    testTimeout: 60_000, // a machine that does other things too is no fault of the page
    hookTimeout: 60_000,
    setupFiles: ['src/testing/setup.ts'],
    maxWorkers: 2,
    isolate: false, // one page and one set of modules a worker: setup.ts makes the page new for each file
    unstubGlobals: true,
  },
});
