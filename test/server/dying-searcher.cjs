// A simulation worker that dies while it simulates for a quick fix: STIMPACK_TEST_DEATHS times, counted in a file.
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { parentPort } = require('node:worker_threads');

const marker = process.env.STIMPACK_TEST_MARKER;
const most = Number(process.env.STIMPACK_TEST_DEATHS);
const deaths = () => (existsSync(marker) ? Number(readFileSync(marker, 'utf8')) : 0);

// Runs before the real listener, so before the worker has answered.
parentPort.on('message', (task) => {
  if (task.type !== 'objectives' || deaths() >= most) return;
  writeFileSync(marker, String(deaths() + 1));
  // An exception would let the real listener run.
  process.exit(1);
});
const built = process.env.STIMPACK_SERVER === undefined ? '../../dist' : path.dirname(process.env.STIMPACK_SERVER);
require(path.resolve(__dirname, built, 'simulation-worker.cjs'));
