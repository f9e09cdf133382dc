// A simulation worker that dies at its first run, and is the real one from the second start on.
const { existsSync, writeFileSync } = require('node:fs');
const { parentPort } = require('node:worker_threads');

const marker = process.env.STIMPACK_TEST_MARKER;
if (existsSync(marker)) {
  require('../../dist/simulation-worker.cjs');
} else {
  writeFileSync(marker, '');
  parentPort.on('message', () => {
    throw new Error('out of luck');
  });
}
