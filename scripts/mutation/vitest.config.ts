import { defineConfig } from 'vitest/config';

/**
 * The tests of one room, for StrykerJS. Its processes read the name of the room from their environment. Paths are
 * relative to its copy of the repository.
 */
export default defineConfig({
  root: process.cwd(),
  // Modules are shared, as in vitest.config.ts: importing them for each mutant took longer than the tests.
  test: { isolate: false, include: (process.env.STIMPACK_MUTATION_TESTS ?? '').split(' '), testTimeout: 1_200_000 },
});
