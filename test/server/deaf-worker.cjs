// A simulation worker that computes for ever and hears nothing, where a scenario's name begins with "Deaf"; else the real one.
const path = require('node:path');
const { parentPort } = require('node:worker_threads');

parentPort.on('message', (task) => {
  const scenarios = task.scenarios ?? (task.scenario === undefined ? [] : [task.scenario]);
  if (!scenarios.some(({ name }) => name.startsWith('Deaf'))) return;
  for (;;);
});
const built = process.env.STIMPACK_SERVER === undefined ? '../../dist' : path.dirname(process.env.STIMPACK_SERVER);
require(path.resolve(__dirname, built, 'simulation-worker.cjs'));
