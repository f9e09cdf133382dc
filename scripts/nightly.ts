import { spawnSync } from 'node:child_process';
import { missingEditor } from './editors/tools.ts';
import { repositoryFolder } from './vscode/artifacts.ts';

/*
 * `npm run test:nightly`: the random series and the long session of the server at their full length (`series` in
 * test/series.ts), explorations on real Slurm, their tables in pandas and DuckDB, ten minutes of fuzzing, Emacs, and other versions of Node. `npm test` runs the same series
 * shorter. Takes about half an hour.
 */

function run(args: readonly string[]): boolean {
  const { status } = spawnSync('npx', args, {
    cwd: repositoryFolder,
    stdio: 'inherit',
    env: { ...process.env, STIMPACK_SERIES: 'nightly' },
    // On Windows npx is a script.
    shell: process.platform === 'win32',
  });
  return status === 0;
}

/** Emacs is only installed here, because its installation takes minutes. */
const withoutEmacs = await missingEditor('emacs');
if (withoutEmacs !== undefined) console.warn(`The test with Emacs is skipped: ${withoutEmacs}`);

const passed = [
  run(['vitest', 'run', '--project', 'fast', '--project', 'long']),
  run(['vitest', 'run', '--project', 'shipped', 'test/server/soak.test.ts', 'test/editors/sessions.test.ts']),
  run(['tsx', 'scripts/node-smoke.ts']),
  run(['vitest', 'run', '--project', 'shipped', 'test/cli/slurm-cluster.test.ts', 'test/cli/table-readers.test.ts']),
  run(['tsx', 'scripts/build.ts']) && run(['tsx', 'scripts/fuzz/main.ts', '--minutes', '10', '--seconds', '60']),
];
process.exit(passed.every(Boolean) ? 0 : 1);
