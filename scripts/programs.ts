import type { ProgramName } from './launchers.ts';

/*
 * The programs that contain the whole engine, in one bundle: five bundles would contain five copies of it. Each program has a launcher in
 * dist/ (scripts/launchers.ts, server/entry.ts), and only the modules that it needs are run.
 */
const programs: Readonly<Record<ProgramName | 'language-server', () => Promise<unknown>>> = {
  // server/entry.ts starts it, with the code that V8 compiled in an earlier start.
  'language-server': () => import('../server/main.ts'),
  cli: () => import('../cli/main.ts'),
  'cli-worker': () => import('../cli/simulation-worker.ts'),
  reproduce: () => import('./reproduce/shipped.ts'),
  'reproduce-worker': () => import('./reproduce/worker.ts'),
};

/** Runs a program. A launcher calls it. */
export function start(name: keyof typeof programs): void {
  void programs[name]();
}

/** The functions of the npm package. dist/api.cjs calls them. */
export function library(): Promise<typeof import('../cli/api/index.ts')> {
  return import('../cli/api/index.ts');
}
