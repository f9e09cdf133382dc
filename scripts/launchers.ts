import { writeFileSync } from 'node:fs';

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
