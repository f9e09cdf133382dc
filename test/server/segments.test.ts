import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import {
  activities,
  type EncodedColumns,
  type SegmentsAnswer,
  type SegmentsRequest,
  unpack,
} from '../../protocol/index.ts';
import { TestServer } from './language-server.ts';

const file = path.resolve('examples/rush.npu');
const uri = pathToFileURL(file).href;

let server: TestServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function ran(): Promise<{ readonly s: TestServer; readonly hash: string | null }> {
  const s = (await TestServer.start()).server;
  server = s;
  await s.open(uri, readFileSync(file, 'utf8'));
  const { state } = await s.phase(uri, 'fresh');
  return { s, hash: state.hash };
}

function decode({ tree, columnsBase64 }: EncodedColumns): SegmentsAnswer {
  return unpack<SegmentsAnswer>({ tree, buffer: Uint8Array.from(Buffer.from(columnsBase64, 'base64')).buffer });
}

const ask = (s: TestServer, request: Partial<SegmentsRequest>): Promise<EncodedColumns | null> =>
  s.request('stimpack/segments', {
    uri,
    hash: null,
    scenario: 'Rush',
    run: 0,
    startSeconds: 1,
    endSeconds: 1.05,
    ...request,
  });

test('a window late in a run has every segment of exactly this run', async () => {
  const { s, hash } = await ran();
  const main = s.results(uri)[0]?.main;
  const answer = await ask(s, { hash });
  if (answer === null || main === undefined) throw new Error('no segments');
  const { startSeconds, endSeconds, activity, windowStartSeconds, windowEndSeconds } = decode(answer);
  expect(windowStartSeconds).toBeLessThanOrEqual(1);
  expect(windowEndSeconds).toBeGreaterThanOrEqual(1.05);
  // Compared with the shares that the run itself reported, over whole buckets inside the window.
  const { overview } = main.timeline;
  const first = Math.ceil(1 / overview.bucketSeconds);
  const last = Math.floor(1.05 / overview.bucketSeconds);
  expect(last).toBeGreaterThan(first);
  const from = first * overview.bucketSeconds;
  const to = last * overview.bucketSeconds;
  const base = activities.indexOf('base');
  let told = 0;
  for (const [i, start] of startSeconds.entries()) {
    if (activity[i] === base) told += Math.max(0, Math.min(endSeconds[i] ?? 0, to) - Math.max(start, from));
  }
  let reported = 0;
  for (let bucket = first; bucket < last; bucket++) {
    reported += (overview.shares[bucket * activities.length + base] ?? 0) * overview.bucketSeconds;
  }
  expect(told).toBeGreaterThan(0);
  expect(told).toBeCloseTo(reported, 6);
});

test('the later of two requests is answered, and a run that is gone has no segments', async () => {
  const { s, hash } = await ran();
  const [, second] = await Promise.all([ask(s, { hash }), ask(s, { hash, run: 1 })]);
  expect(second).not.toBeNull();
  expect(await ask(s, { hash: 'another' })).toBeNull();
  expect(await ask(s, { hash, run: 9 })).toBeNull();
  expect(await ask(s, { hash, scenario: 'Elsewhere' })).toBeNull();
});

test('a window is saved as a Chrome trace layer by layer, and the whole run as it was sent', async () => {
  const { s, hash } = await ran();
  const seconds = s.results(uri)[0]?.main.seconds ?? Number.NaN;
  const request = { uri, hash, scenario: 'Rush', run: 0 };
  const trace = async (startSeconds: number, endSeconds: number) => {
    const text = await s.request<string | null>('stimpack/trace', { ...request, startSeconds, endSeconds });
    const events =
      (JSON.parse(text ?? '{}') as { traceEvents?: { ph: string; ts: number; name: string }[] }).traceEvents ?? [];
    return events.filter(({ ph }) => ph === 'X' || ph === 'B');
  };
  const part = await trace(1, 1.002);
  const whole = await trace(0, seconds);
  expect(part.length).toBeGreaterThan(50);
  expect(part.every(({ ts }) => ts > 0.99e6 && ts < 1.002e6)).toBe(true);
  expect(whole.length).toBeGreaterThan(part.length);
  expect(await s.request('stimpack/trace', { ...request, hash: 'another', startSeconds: 0, endSeconds: 1 })).toBeNull();
});
