import { join } from 'node:path';
import { build } from 'esbuild';
import { artifact, repositoryFolder } from './artifacts.ts';

/**
 * Bundles mocha specifications (TypeScript files that use describe and it) into one file with the `run()` that VS Code
 * calls. Returns its path. The file is in the source tree, so that it finds mocha in our node_modules.
 */
export async function buildSuite(name: string, specifications: readonly string[]): Promise<string> {
  // .cjs: VS Code loads a suite with require, and our package states that .js files are ES modules.
  const outfile = artifact('suites', `${name}.cjs`);
  const loads = specifications.map((path) => `require(${JSON.stringify(path)});`);
  await build({
    stdin: {
      contents: [
        `import { runMocha } from ${JSON.stringify(join(import.meta.dirname, 'suite-runner.ts'))};`,
        `export function run() { return runMocha(() => { ${loads.join(' ')} }); }`,
      ].join('\n'),
      resolveDir: repositoryFolder,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // The module vscode exists only inside VS Code, and mocha reads files of its own package while it runs.
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  return outfile;
}
