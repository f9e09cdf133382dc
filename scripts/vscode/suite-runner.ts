import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { format } from 'node:util';
import Mocha from 'mocha';
import type { SuiteCounts } from './suite-protocol.ts';
import { SUITE_MARK } from './suite-protocol.ts';

/*
 * The part of a suite that runs in VS Code's extension host. build-suite.ts bundles it with the specifications.
 */

/**
 * Runs the tests that `load` defines with describe and it. Rejects if a test failed, which becomes VS Code's exit code.
 * A suite without tests fails too. Otherwise it would pass if its specifications were lost.
 */
export function runMocha(load: () => void): Promise<void> {
  if (process.env.SUITE_MARKED === '1') {
    // VS Code has made console.log read-only, so it cannot be replaced. The text is formatted here, because an Error
    // would arrive without its message.
    const write = console.log;
    Mocha.reporters.Base.consoleLog = (...args: readonly unknown[]) => {
      for (const line of format(...args).split('\n')) write(`${SUITE_MARK}${line}`);
    };
  }
  // One more attempt: VS Code loses a key press or a click now and then.
  const mocha = new Mocha({ ui: 'bdd', timeout: 180_000, retries: 1, color: process.env.SUITE_COLOR === '1' });
  // Mocha can only load files by their paths, and the specifications are in this bundle. These are the events that
  // mocha sends around a file.
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
