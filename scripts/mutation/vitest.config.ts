import { defineConfig } from 'vitest/config';

/** The tests of one room, for StrykerJS, whose processes know the room by their environment. Paths are those of its copy of the repository. */
export default defineConfig({
  root: process.cwd(),
  test: { include: (process.env.STIMPACK_MUTATION_TESTS ?? '').split(' '), testTimeout: 120_000 },
});
