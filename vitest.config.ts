import { defineConfig } from 'vitest/config';

/*
 * Projects, by what a test needs. `npm test` (scripts/tests/) runs all of them, in lanes; `npm run test:fast` runs `fast` alone.
 *
 * fast     modules of any room, in this process: no build, no browser, no other process, and little computation
 * long     the same with much computation: statistics, fuzzed inputs, other engines
 * shipped  the bundles in dist/, as processes
 * panel    the panel's bundle in a browser
 * editor   the whole extension in VS Code
 */

// A test that hangs must fail; a slow, shared machine must not fail one that works.
const patience = { testTimeout: 120_000, hookTimeout: 180_000 };
const globalSetup = ['test/build-once.ts'];
/**
 * Test files of a project share the modules of their worker: importing the program once more for each file took longer than the tests. A file that
 * replaces a module does so with `vi.doMock` and `vi.resetModules`, before and after.
 */
const shared = { ...patience, isolate: false };

/** In these rooms a test is one of what ships unless it is listed here or in a folder `in-process`: such tests import modules only. */
const shipped = [
  'test/server/{*,!(in-process)/**/*}.test.ts',
  'test/cli/!(arguments|array-index|did-you-mean|energy|finished-designs|missing-shards|search-designs|simulation-threads|terminal).test.ts',
  'test/cli/render/safe-lines.test.ts',
  'test/scripts/reproduce/page.test.ts',
  'test/scripts/package.test.ts',
  'test/editors/**/*.test.ts',
];
const panel = ['test/webview/{*,!(in-process)/**/*}.test.ts', 'test/playground/**/*.test.ts'];
const editor = ['test/vscode/**/*.test.ts'];

/** Files of the rooms that take more than about two seconds of processor time, or start processes. */
const long = [
  'test/bench/coverage.test.ts',
  'test/formats/onnx-{fuzz,hostile}.test.ts',
  'test/formats/onnx-round-trip.test.ts',
  'test/formats/trace.test.ts',
  'test/host/write-file.test.ts',
  'test/language/format/valid.test.ts',
  'test/language/fuzz.test.ts',
  'test/language/incremental.test.ts',
  'test/language/limits.test.ts',
  'test/language/messages.test.ts',
  'test/language/queries.test.ts',
  'test/language/robustness.test.ts',
  'test/library/saturation.test.ts',
  'test/scripts/fuzz-corpus.test.ts',
  'test/scripts/reproduce/**/*.test.ts',
  'test/simulator/caveats.test.ts',
  'test/simulator/steps/step-tables.test.ts',
  'test/simulator/explore/**/*.test.ts',
  'test/simulator/hardware/properties.test.ts',
  'test/simulator/hardware/witness.test.ts',
  'test/simulator/sequences/twin-long.test.ts',
  'test/simulator/serving/{arrivals,closed-forms,coverage,engines,horizon,invariants}.test.ts',
  'test/simulator/serving/{policies,prediction,recording,window}.test.ts',
  'test/syntaxes/grammar.test.ts',
];

export default defineConfig({
  // Two projects that run side by side in processes of their own would write the same file.
  cacheDir: process.env.STIMPACK_TEST_CACHE ?? 'node_modules/.vite',
  test: {
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: [...long, ...shipped, ...panel, ...editor],
          ...shared,
        },
      },
      { test: { name: 'long', include: long, exclude: shipped, ...shared } },
      { test: { name: 'shipped', include: shipped, globalSetup, ...shared } },
      { test: { name: 'panel', include: panel, globalSetup, ...shared } },
      {
        test: {
          name: 'editor',
          include: editor,
          globalSetup,
          // Each file starts VS Code: one at a time, after the others.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          ...patience,
          // A test waits for several things in turn, each with the patience of scripts/vscode/wait.ts.
          testTimeout: 400_000,
          hookTimeout: 400_000,
          // VS Code loses a key press or a click now and then. The report counts each second attempt as "retry x1".
          retry: 1,
        },
      },
    ],
  },
});
