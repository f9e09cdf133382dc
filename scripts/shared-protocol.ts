import type { BuildOptions, Plugin } from 'esbuild';

/*
 * The protocol of language servers: the client and the server use the same five modules, which are 140 kB. They are in a separate bundle, so that the
 * extension contains them once.
 */

const modules = [
  'vscode-jsonrpc',
  'vscode-jsonrpc/node',
  'vscode-languageserver-protocol',
  'vscode-languageserver-protocol/node',
  'vscode-languageserver-types',
] as const;

const bundle = './protocol.cjs';

/** The bundle: an object with the modules by name. Each is run when it is first used. */
export function protocolBuildOptions({ entryPoints: _, plugins, ...options }: BuildOptions): BuildOptions {
  const getters = modules.map((name) => `get '${name}'() { return require('${name}'); }`);
  return {
    ...options,
    entryPoints: { protocol: 'shared-protocol' },
    plugins: [
      ...(plugins ?? []),
      {
        name: 'protocol-entry',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^shared-protocol$/ }, ({ path }) => ({ path, namespace: 'protocol-entry' }));
          onLoad({ filter: /.*/, namespace: 'protocol-entry' }, () => ({
            contents: `module.exports = { ${getters.join(', ')} };`,
            resolveDir: process.cwd(),
          }));
        },
      },
    ],
  };
}

/** Takes the modules from the bundle, which must be beside the file that is built. */
export const sharedProtocol: Plugin = {
  name: 'shared-protocol',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^(${modules.join('|')})$`) }, ({ path }) => ({
      path,
      namespace: 'shared-protocol',
    }));
    onResolve({ filter: /.*/, namespace: 'shared-protocol' }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /.*/, namespace: 'shared-protocol' }, ({ path }) => ({
      contents: `module.exports = require('${bundle}')['${path}'];`,
    }));
  },
};
