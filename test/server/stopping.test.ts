import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { TestServer } from './language-server.ts';

const servers: TestServer[] = [];

async function start(env: Readonly<Record<string, string>>): Promise<TestServer> {
  const { server } = await TestServer.start({ env });
  servers.push(server);
  return server;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

const deaf = { STIMPACK_SIMULATION_WORKER: path.resolve('test/server/deaf-worker.cjs') };
const uriOf = (name: string): string => `file:///stopping/${name}.npu`;
const textOf = (scenario: string, rate = 500): string => `import "stimpack/stimpack"
import "stimpack/resnet50"
scenario ${scenario} {
  npu: Stimpack
  serve ResNet50 { arrivals: poisson(${rate} rps), slo { p99 latency <= 15 ms } }
}
`;

test('a run that ignores its cancellation is ended, and the document reports it', async () => {
  const s = await start(deaf);
  const uri = uriOf('one');
  await s.open(uri, textOf('Deaf'));
  await s.phase(uri, 'running');
  await s.request('stimpack/runRequest', { uri, action: 'cancel' });
  const ended = await s.until(() => {
    const newest = s.states.at(-1)?.state;
    return newest?.phase === 'cancelled' && newest.problem !== null ? newest : undefined;
  });
  expect(ended.problem?.message).toMatch(/did not stop within 500 ms, so its worker was ended and replaced/);
  expect(s.lastPublished(uri).map((one) => [one.code, one.severity])).toEqual([['run-failed', 3]]);
  await s.change(uri, textOf('Fine'));
  await s.save(uri);
  await s.phase(uri, 'fresh');
  expect(s.lastPublished(uri)).toEqual([]);
});

test.each([2, 5])('%i endless runs do not prevent the run of another document', async (count) => {
  const s = await start(deaf);
  for (let i = 0; i < count; i++) {
    await s.open(uriOf(`deaf${i}`), textOf(`Deaf${i}`));
    await s.save(uriOf(`deaf${i}`));
  }
  await s.open(uriOf('good'), textOf('Good'));
  await s.save(uriOf('good'));
  await s.phase(uriOf('good'), 'fresh');
  // It can run again, and be edited, while they continue.
  await s.change(uriOf('good'), textOf('Good', 600));
  await s.save(uriOf('good'));
  await s.until(() => {
    const fresh = s.states.filter(({ state }) => state.uri === uriOf('good') && state.phase === 'fresh');
    return new Set(fresh.map(({ state }) => state.hash)).size === 2 ? true : undefined;
  });
  const failed = s.states.filter(({ state }) => state.phase === 'failed');
  for (const { state } of failed) expect(state.problem?.message).toMatch(/made no progress for \d+ s/);
  if (count === 2) expect(failed).toEqual([]);
});

test('a run is cancelled without shared memory', async () => {
  const s = await start({ ...deaf, STIMPACK_SHARED_MEMORY: 'no' });
  const uri = uriOf('one');
  await s.open(uri, textOf('Deaf'));
  await s.phase(uri, 'running');
  await s.request('stimpack/runRequest', { uri, action: 'cancel' });
  await s.phase(uri, 'cancelled');
  await s.change(uri, textOf('Fine'));
  await s.save(uri);
  await s.phase(uri, 'fresh');
});
