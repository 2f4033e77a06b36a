/** One jsdom page for all files of a worker: to make it is most of what a small file costs. setup.ts clears it between them. */
import { builtinEnvironments, type Environment } from 'vitest/runtime';

const MADE = Symbol.for('pleno.page');
type Worker = typeof globalThis & { [MADE]?: Promise<unknown> };

export default {
  name: 'page',
  viteEnvironment: 'client',
  async setup(global: Worker, options: Record<string, unknown>) {
    await (global[MADE] ??= Promise.resolve(builtinEnvironments.jsdom.setup(global, options)));
    return { teardown: () => undefined };
  },
} satisfies Environment;
