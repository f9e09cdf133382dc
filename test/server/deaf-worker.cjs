// A simulation worker that computes forever and ignores all messages if a scenario's name begins with "Deaf".
// Otherwise, it is the real worker.
const path = require('node:path');
const { parentPort } = require('node:worker_threads');

parentPort.on('message', (task) => {
  const scenarios = task.scenarios ?? (task.scenario === undefined ? [] : [task.scenario]);
  if (!scenarios.some(({ name }) => name.startsWith('Deaf'))) return;
  for (;;);
});
const built = process.env.STIMPACK_SERVER === undefined ? '../../dist' : path.dirname(process.env.STIMPACK_SERVER);
require(path.resolve(__dirname, built, 'simulation-worker.cjs'));
