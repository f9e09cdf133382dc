import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

/** The programs of the bundle `programs.cjs`. */
export type ProgramName = 'cli' | 'cli-worker' | 'reproduce' | 'reproduce-worker';

const names: readonly ProgramName[] = ['cli', 'cli-worker', 'reproduce', 'reproduce-worker'];

/** Writes dist/NAME.cjs for each program: a file of two lines that starts it. */
export function writeLaunchers(): void {
  for (const name of names) {
    const text = `#!/usr/bin/env node\nrequire('./programs.cjs').start('${name}');\n`;
    writeFileSync(`dist/${name}.cjs`, text, { mode: 0o755 });
  }
}

/** The functions of the npm package (docs/api.md), which cli/api/functions.ts describes. */
const functions = ['open', 'simulate', 'capacity', 'explore'];

/**
 * Writes the entry of the npm package and its types. It is CommonJS, so that both `import` and `require` work on Node 20: `import` finds the names in
 * assignments to `exports`. The engine is loaded at the first call. The types are in dist/npm/, which only npm packs.
 */
export function writeLibrary(version: string): void {
  const lines = [
    "const { library } = require('./programs.cjs');",
    `exports.version = '${version}';`,
    ...functions.map((name) => `exports.${name} = async (...given) => (await library()).${name}(...given);`),
  ];
  writeFileSync('dist/api.cjs', `${lines.join('\n')}\n`);
  mkdirSync('dist/npm', { recursive: true });
  for (const [source, target] of [
    ['functions', 'api'],
    ['results', 'results'],
  ]) {
    const text = readFileSync(`cli/api/${source}.ts`, 'utf8');
    writeFileSync(`dist/npm/${target}.d.cts`, text.replaceAll("'./results.ts'", "'./results.cjs'"));
  }
}
