import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import {
  type ExplorationResult,
  type ExploreOutcome,
  type ExploreProgress,
  type ExploreRequest,
  exploredVerdicts,
  exploreProgress,
  unpack,
} from '../../protocol/index.ts';
import { TestServer } from './language-server.ts';

const uri = pathToFileURL(path.resolve('examples/explored.npu')).href;
const text = `import "stimpack/stimpack"
model Net {
  input: 32 x 32 x 3
  layers { conv { kernel: 3 x 3, filters: 64, padding: same } conv { kernel: 3 x 3, filters: 64, padding: same } }
}
let load = 1000 rps
scenario Rush {
  npu: Stimpack
  serve Net { arrivals: poisson(load), slo { p99 latency <= 1 ms } }
  duration: 2000 requests
}
explore Sizing {
  scenario: Rush
  vary Stimpack.HBM.bandwidth in [10 GB/s, 614 GB/s]
  vary load in [100 rps, 1000 rps, 10000 rps]
  minimize latency
  maximize throughput
}
`;

let server: TestServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function opened(source = text): Promise<{ readonly server: TestServer; readonly request: ExploreRequest }> {
  server = (await TestServer.start()).server;
  await server.open(uri, source);
  const { state } = await server.phase(uri, 'fresh');
  expect(state.explorations.map(({ name }) => name)).toEqual(['Sizing']);
  return { server, request: { uri, hash: state.hash, exploration: 'Sizing' } };
}

function resultOf(outcome: ExploreOutcome): ExplorationResult {
  if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
  const { tree, columnsBase64 } = outcome.result;
  const bytes = Buffer.from(columnsBase64, 'base64');
  const buffer = new ArrayBuffer(bytes.length);
  new Uint8Array(buffer).set(bytes);
  return unpack<ExplorationResult>({ tree, buffer });
}

test('an exploration tries all designs, and the design as written equals its run', async () => {
  const { server, request } = await opened();
  const told: ExploreProgress[] = [];
  server.connection.onNotification(exploreProgress, (news: ExploreProgress) => void told.push(news));
  const result = resultOf(await server.request<ExploreOutcome>('stimpack/explore', request));
  expect([result.count, result.tried, result.asWritten]).toEqual([6, 6, 4]);
  const main = server.results(uri)[0]?.main.serves[0];
  expect(result.measures.map((column) => column[4])).toEqual([main?.latency.p99, main?.completedRps]);
  expect([...result.verdicts].map((verdict) => exploredVerdicts[verdict])).not.toContain('unbuilt');
  expect(told.every((news) => news.request.exploration === 'Sizing' && news.fraction < 1)).toBe(true);
});

test('an exploration belongs to the text for which it was requested', async () => {
  const { server, request } = await opened();
  expect(await server.request('stimpack/explore', { ...request, hash: 'another' })).toEqual({ kind: 'gone' });
  expect(await server.request('stimpack/explore', { ...request, exploration: 'Other' })).toEqual({ kind: 'gone' });
});

test('an edit of the explored designs ends the exploration, a comment does not, and a run continues beside it', async () => {
  // Long runs, so that none of them ends by itself before the edit ends it.
  const { server, request } = await opened(
    text.replace('in [100 rps', 'in 1 rps .. 2000 rps step 1 rps\n  // [100 rps'),
  );
  const going = server.request<ExploreOutcome>('stimpack/explore', request);
  const first = new Promise<void>((resolve) => {
    server.connection.onNotification(exploreProgress, () => resolve());
  });
  await first;
  await server.change(
    uri,
    `// A comment.\n${text.replace('in [100 rps', 'in 1 rps .. 2000 rps step 1 rps\n  // [100 rps')}`,
  );
  await new Promise<void>((resolve) => {
    server.connection.onNotification(exploreProgress, () => resolve());
  });
  await server.change(uri, text.replace('1 ms', '2 ms'));
  expect(await going).toEqual({ kind: 'gone' });
  await server.save(uri);
  await server.phase(uri, 'fresh');
});
