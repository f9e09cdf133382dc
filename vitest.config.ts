import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/build-once.ts'],
    // A test that hangs must fail; a slow, shared machine must not fail one that works.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
