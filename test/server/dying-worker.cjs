// A simulation worker that dies at its first run. From the second start on, it is the real worker.
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
