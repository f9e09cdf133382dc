import { writeFileSync } from 'node:fs';
import process from 'node:process';
import Mocha from 'mocha';

/*
 * The part of a suite that runs in VS Code's extension host. build-suite.ts bundles it with the specifications.
 */

/** What a suite leaves in the file that the environment variable SUITE_RESULT names. */
export interface SuiteCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Runs what `load` defines with describe and it. Rejects if anything failed: VS Code makes that the exit code.
 * A suite without a test fails too: it would otherwise pass when its specifications are lost.
 */
export function runMocha(load: () => void): Promise<void> {
  // Stack traces then name the TypeScript lines.
  process.setSourceMapsEnabled(true);
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, color: process.env.SUITE_COLOR === '1' });
  // Mocha can only load files by their paths, and the specifications are in this bundle: this is what it does around a file.
  mocha.suite.emit('pre-require', globalThis, 'suite', mocha);
  load();
  mocha.suite.emit('require', {}, 'suite', mocha);
  return new Promise((done, failed) => {
    const runner = mocha.run((failures) => {
      const counts: SuiteCounts = {
        passed: runner.stats?.passes ?? 0,
        failed: failures,
        skipped: runner.stats?.pending ?? 0,
      };
      const file = process.env.SUITE_RESULT;
      if (file !== undefined) writeFileSync(file, JSON.stringify(counts));
      if (failures > 0) failed(new Error(`${failures} failed`));
      else if (counts.passed === 0) failed(new Error('The suite has no test'));
      else done();
    });
  });
}
