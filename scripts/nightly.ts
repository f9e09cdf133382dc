import { spawnSync } from 'node:child_process';
import { repositoryFolder } from './vscode/artifacts.ts';

/*
 * `npm run test:nightly`: the random series and the long session of the server at their full length (`series` in
 * test/series.ts), and ten minutes of fuzzing. `npm test` runs the same series shorter. Takes about half an hour.
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

const passed = [
  run(['vitest', 'run', '--project', 'fast', '--project', 'long']),
  run(['vitest', 'run', '--project', 'shipped', 'test/server/soak.test.ts']),
  run(['tsx', 'scripts/build.ts']) && run(['tsx', 'scripts/fuzz/main.ts', '--minutes', '10', '--seconds', '60']),
];
process.exit(passed.every(Boolean) ? 0 : 1);
