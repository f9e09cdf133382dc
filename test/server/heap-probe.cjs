// Loaded before the server, with --expose-gc. On SIGUSR2 it reports the used heap after a full garbage collection.
const { writeFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

if (isMainThread) {
  process.on('SIGUSR2', () => {
    // The next collection frees objects that finalizers released or that were promoted.
    for (let i = 0; i < 4; i++) globalThis.gc();
    writeFileSync(process.env.STIMPACK_TEST_HEAP, String(process.memoryUsage().heapUsed));
  });
}
