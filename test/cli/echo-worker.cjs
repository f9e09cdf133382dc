const { parentPort, threadId } = require('node:worker_threads');

// Answers each task with the number of the thread. The scenario is the name of what to do otherwise.
parentPort.on('message', ({ scenario }) => {
  if (scenario === 'fail') throw new Error('failed as asked');
  if (scenario !== 'hang') parentPort.postMessage({ type: 'done', value: threadId });
  if (scenario === 'answer and end') process.exit(0);
});
