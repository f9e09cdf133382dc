// Loaded before the server, with --expose-gc: on SIGUSR2 it says how much of the heap is in use once nothing is left to collect.
const { writeFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

if (isMainThread) {
  process.on('SIGUSR2', () => {
    // What finalizers let go of, and what was promoted on the way, goes with the next.
    for (let i = 0; i < 4; i++) globalThis.gc();
    writeFileSync(process.env.STIMPACK_TEST_HEAP, String(process.memoryUsage().heapUsed));
  });
}
