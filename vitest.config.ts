import { defineConfig } from 'vitest/config';

// A test that hangs must fail; a slow, shared machine must not fail one that works.
const patience = { testTimeout: 120_000, hookTimeout: 180_000 };
const globalSetup = ['test/build-once.ts'];
const shipped = ['test/server/**/*.test.ts', 'test/cli/**/*.test.ts', 'test/scripts/reproduce/page.test.ts'];
const browser = ['test/webview/**/*.test.ts', 'test/vscode/**/*.test.ts'];

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'rooms', include: ['test/**/*.test.ts'], exclude: [...shipped, ...browser], ...patience } },
      { test: { name: 'shipped', include: shipped, globalSetup, ...patience } },
      {
        test: {
          name: 'browser',
          include: browser,
          globalSetup,
          // Browsers and a whole VS Code want the machine for themselves: one file at a time, after the others.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          ...patience,
        },
      },
    ],
  },
});
