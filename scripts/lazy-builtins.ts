import { createRequire } from 'node:module';
import type { Plugin } from 'esbuild';

const require = createRequire(import.meta.url);

/**
 * Delays the loading of these Node modules to their first use. `crypto` and `child_process` alone take as long to load
 * as all of our own modules, and few starts need them.
 */
export function lazyBuiltins(names: readonly string[]): Plugin {
  return {
    name: 'lazy-builtins',
    setup(build) {
      const filter = new RegExp(`^(node:)?(${names.join('|')})$`);
      build.onResolve({ filter }, ({ path, namespace }) =>
        namespace === 'lazy' ? { path, external: true } : { path: path.replace('node:', ''), namespace: 'lazy' },
      );
      build.onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path }) => {
        const getters = Object.keys(require(`node:${path}`) as object).map(
          (name) => `get ${name}() { return require('node:${path}').${name}; }`,
        );
        return { contents: `module.exports = { ${getters.join(', ')} };` };
      });
    },
  };
}
