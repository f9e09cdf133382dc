import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import type { LoadCurve } from '../../protocol/index.ts';
import { TestServer } from './language-server.ts';

const file = path.resolve('examples/rush.npu');
const uri = pathToFileURL(file).href;
/** Short runs: another test compares the curve with the simulator. */
const text = readFileSync(file, 'utf8').replace('scenario Rush {', 'scenario Rush {\n  duration: 2000 requests');

let server: TestServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

test('a load curve belongs to the shown run only', async () => {
  server = (await TestServer.start()).server;
  await server.open(uri, text);
  const { state } = await server.phase(uri, 'fresh');
  const request = { uri, hash: state.hash, scenario: 'Rush' };
  const curve = await server.request<LoadCurve | null>('stimpack/loadCurve', request);
  expect(curve?.lines.map(({ kind, serve }) => `${kind} ${serve}`)).toEqual(['design ResNet50', 'base-only ResNet50']);
  expect(curve?.serves[0]?.limitSeconds).toBe(0.015);
  const written = curve?.lines[0]?.points.find(({ factor }) => factor === 1);
  expect(written?.latencySeconds).toBe(server.results(uri)[0]?.main.serves[0]?.latency.p99);
  expect(await server.request('stimpack/loadCurve', { ...request, hash: 'another' })).toBeNull();
  expect(await server.request('stimpack/loadCurve', { ...request, scenario: 'Elsewhere' })).toBeNull();
});
