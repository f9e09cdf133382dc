import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type ServerOptions, TestServer } from './language-server.ts';

const file = path.resolve('examples/rush.npu');
const uri = pathToFileURL(file).href;
const text = readFileSync(file, 'utf8');
const withLoad = (rate: string): string => text.replace(/let peak = [^\n]*/, `let peak = ${rate}`);
const overloaded = withLoad('60000 rps');
const relaxed = withLoad('500 rps');
const long = overloaded.replace('compare:', 'duration: 60 s\n  compare:');

/** Tests share one server, as the documents of a window do: each opens the document, and it is closed after the test. */
let common: TestServer;
beforeAll(async () => {
  common = (await TestServer.start()).server;
});
afterAll(() => common.stop());

/** A server with other options, for one test. */
let other: TestServer | undefined;
async function start(options?: ServerOptions): Promise<TestServer> {
  if (options === undefined) return common;
  other = (await TestServer.start(options)).server;
  return other;
}
afterEach(async () => {
  await other?.stop();
  other = undefined;
  await common.close(uri);
  // The server has processed everything before this request when it answers.
  await common.pull(uri);
  common.states.length = 0;
  common.published.length = 0;
});

/**
 * The codes of the diagnostics about the latency objective. If every request runs in burst mode, the accuracy has
 * diagnostics too.
 */
const slos = (s: TestServer): readonly string[] =>
  s
    .lastPublished(uri)
    .filter(({ message }) => /p99 latency of/.test(String(message)))
    .map(({ code }) => String(code));

test('opening runs the scenario, and a violated objective is an error on its own line', async () => {
  const s = await start();
  await s.open(uri, overloaded);
  await s.phase(uri, 'fresh');
  const [found] = await s.until(() => (s.lastPublished(uri).length > 0 ? s.lastPublished(uri) : undefined));
  expect(found?.severity).toBe(1);
  expect(found?.code).toBe('slo-violated');
  const line = overloaded.split('\n')[found?.range.start.line ?? 0] ?? '';
  expect(line.slice(found?.range.start.character, found?.range.end.character)).toMatch(/^p99 latency\s+<= 15 ms$/);
  expect(found?.message).toMatch(
    /^p99 latency of ResNet50 violates its 15 ms limit in overload: in the long run 60,000 rps arrive/,
  );
  expect(found?.relatedInformation?.[0]?.message).toMatch(/offered (59|60),\d{3} rps/);
});

test('a save with a load that the chip can serve clears the diagnostic, and all numbers follow', async () => {
  const s = await start();
  await s.open(uri, overloaded);
  await s.phase(uri, 'fresh');
  const before = s.results(uri)[0]?.main.serves[0]?.latency.p99 ?? 0;
  await s.change(uri, relaxed);
  await s.phase(uri, 'stale');
  expect(slos(s)).toEqual(['stale-result']);
  await s.save(uri);
  await s.phase(uri, 'fresh');
  expect(slos(s)).toEqual([]);
  const after = s.results(uri)[0]?.main.serves[0];
  expect(after?.offeredRps).toBeGreaterThan(400);
  expect(after?.offeredRps).toBeLessThan(600);
  expect(after?.latency.p99).toBeLessThan(before);
});

test('a run begins with the save and does not wait for the disk, and changes by the save itself run as well', async () => {
  const s = await start();
  await s.open(uri, overloaded);
  await s.phase(uri, 'fresh');
  await s.change(uri, relaxed);
  await s.phase(uri, 'stale');
  await s.willSave(uri);
  await s.phase(uri, 'fresh');
  expect(slos(s)).toEqual([]);
  const runs = s.states.filter(({ state }) => state.phase === 'running').length;
  await s.save(uri);
  await s.pull(uri);
  expect(s.states.filter(({ state }) => state.phase === 'running').length).toBe(runs);
  await s.change(uri, overloaded);
  await s.phase(uri, 'stale');
  await s.willSave(uri);
  // For example, a formatter that replaces more than white space.
  await s.change(uri, relaxed);
  await s.save(uri);
  await s.until(() => (s.states.at(-1)?.state.phase === 'fresh' ? true : undefined));
  expect(slos(s)).toEqual([]);
  expect(s.results(uri)[0]?.main.serves[0]?.offeredRps).toBeLessThan(600);
});

test('after the first edit, further keystrokes report nothing new, and a corrected error is reported as gone', async () => {
  const s = await start();
  await s.open(uri, overloaded);
  await s.phase(uri, 'fresh');
  await s.change(uri, relaxed);
  await s.phase(uri, 'stale');
  const told = s.states.length;
  await s.change(uri, withLoad('501 rps'));
  await s.change(uri, withLoad('502 rps'));
  await s.pull(uri);
  expect(s.states.length).toBe(told);
  await s.change(uri, withLoad('502 parsecs'));
  await s.until(() => (s.states.at(-1)?.state.problem === null ? undefined : true));
  await s.change(uri, withLoad('502 rps'));
  await s.until(() => (s.states.at(-1)?.state.problem === null ? true : undefined));
  expect(s.states.at(-1)?.state.phase).toBe('stale');
});

test('an announced save that does not happen leaves fresh diagnostics, which the next keystroke makes stale', async () => {
  const s = await start();
  await s.open(uri, relaxed);
  await s.phase(uri, 'fresh');
  await s.change(uri, overloaded);
  await s.phase(uri, 'stale');
  expect(slos(s)).toEqual([]);
  await s.willSave(uri);
  await s.phase(uri, 'fresh');
  expect(slos(s)).toEqual(['slo-violated']);
  await s.change(uri, withLoad('60001 rps'));
  await s.phase(uri, 'stale');
  expect(slos(s)).toEqual(['stale-result']);
});

test('an edit of a comment runs nothing, and diagnostics move with their line', async () => {
  const s = await start();
  await s.open(uri, overloaded);
  await s.phase(uri, 'fresh');
  const [first] = s.lastPublished(uri);
  const runs = s.states.filter(({ state }) => state.phase === 'running').length;
  await s.change(uri, `// one\n// two\n${overloaded}`);
  await s.save(uri);
  await s.pull(uri);
  expect(s.states.filter(({ state }) => state.phase === 'running').length).toBe(runs);
  expect(s.lastPublished(uri)[0]?.code).toBe('slo-violated');
  expect(s.lastPublished(uri)[0]?.range.start.line).toBe((first?.range.start.line ?? 0) + 2);
});

test('after a hundred rapid saves, the results of the last one are shown', async () => {
  const s = await start();
  await s.open(uri, overloaded);
  for (let i = 0; i < 100; i++) {
    await s.change(uri, withLoad(`${600 + i} rps`));
    await s.save(uri);
  }
  await s.pull(uri);
  await s.phase(uri, 'fresh');
  expect(s.results(uri)[0]?.main.serves[0]?.offeredRps).toBeGreaterThan(650);
  expect(s.results(uri)[0]?.main.serves[0]?.offeredRps).toBeLessThan(750);
  expect(slos(s)).toEqual([]);
});

test('broken text is rejected with the place of its error, and the last results stay', async () => {
  const s = await start();
  await s.open(uri, overloaded);
  await s.phase(uri, 'fresh');
  await s.change(uri, overloaded.replace('timeout: 1 ms', 'timout: 1 ms'));
  await s.save(uri);
  const rejected = await s.phase(uri, 'rejected');
  expect(rejected.state.problem?.message).toContain('timout');
  expect(rejected.state.problem?.place?.uri).toBe(uri);
  expect((await s.pull(uri)).length).toBeGreaterThan(0);
  expect(slos(s)).toEqual(['stale-result']);
});

test('a worker that dies is reported, and the next save runs again', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'stimpack-worker-'));
  try {
    const s = await start({
      env: {
        STIMPACK_SIMULATION_WORKER: path.resolve('test/server/dying-worker.cjs'),
        STIMPACK_TEST_MARKER: path.join(folder, 'died'),
      },
    });
    await s.open(uri, overloaded);
    const failed = await s.phase(uri, 'failed');
    expect(failed.state.problem?.message).toContain('out of luck');
    await s.save(uri);
    await s.phase(uri, 'fresh');
    expect(slos(s)).toEqual(['slo-violated']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a client that cannot pull diagnostics receives them', async () => {
  const s = await start({ pulls: false });
  await s.open(uri, 'npu {');
  const pushed = await s.until(() => (s.lastPublished(uri).length > 0 ? s.lastPublished(uri) : undefined));
  expect(pushed[0]?.source).toBe('npu');
});

test('the server ends with code 0', async () => {
  const { server: s, initialized } = await TestServer.start();
  expect(initialized.serverInfo?.name).toBe('stimpack');
  expect(await s.stop()).toBe(0);
});

test('an edit during a run makes its results stale, and restoring the text makes them fresh', async () => {
  const s = await start();
  await s.open(uri, long);
  await s.phase(uri, 'running');
  await s.change(uri, withLoad('500 rps'));
  await s.phase(uri, 'stale');
  expect(s.results(uri)[0]?.main.serves[0]?.offeredRps).toBeGreaterThan(50_000);
  await s.change(uri, long);
  await s.phase(uri, 'fresh');
});

test('a long run reports its progress and its verdict before the `compare` runs, and a client may refuse the progress bar', async () => {
  const s = await start();
  await s.open(uri, long);
  await s.until(() => (slos(s).length > 0 ? true : undefined));
  const newest = s.states.findLast(({ state }) => state.uri === uri);
  expect(newest?.state.phase).toBe('running');
  expect(slos(s)).toEqual(['slo-violated']);
  expect(s.states.some(({ state }) => state.progress !== null && state.progress > 0)).toBe(true);
  // The client of this test answers no request of the server.
  await s.phase(uri, 'fresh');
  expect(s.results(uri)[0]?.variants.length).toBe(2);
});

test('the progress bar of a long run cancels it', async () => {
  const s = await start({});
  const tokens: string[] = [];
  s.connection.onRequest('window/workDoneProgress/create', ({ token }: { readonly token: string }) => {
    tokens.push(token);
    return null;
  });
  const begun: unknown[] = [];
  s.connection.onNotification('$/progress', ({ value }: { readonly value: { readonly kind: string } }) => {
    if (value.kind === 'begin') begun.push(value);
  });
  await s.open(uri, overloaded.replace('serve ', 'duration: 2000000000 requests\n  serve '));
  await s.until(() => begun[0]);
  expect(begun[0]).toMatchObject({ title: 'Simulating rush.npu', cancellable: true });
  await s.connection.sendNotification('window/workDoneProgress/cancel', { token: tokens[0] });
  await s.phase(uri, 'cancelled');
});

test('a corrected error is no longer reported, saved or not', async () => {
  const s = await start();
  await s.open(uri, overloaded.replace('timeout: 1 ms', 'timout: 1 ms'));
  const rejected = await s.phase(uri, 'rejected');
  expect(rejected.state.problem?.message).toContain('timout');
  await s.change(uri, overloaded);
  const mended = await s.phase(uri, 'stale');
  expect(mended.state.problem).toBeNull();
});

test('a text that was never run reports its present state: no scenario, an error, or a waiting run', async () => {
  const s = await start();
  await s.open(uri, '');
  await s.phase(uri, 'empty');
  await s.change(uri, overloaded.replace('timeout: 1 ms', 'timout: 1 ms'));
  expect((await s.phase(uri, 'rejected')).state.problem?.message).toContain('timout');
  await s.change(uri, 'let a = 1 ms');
  expect((await s.phase(uri, 'empty')).state.problem).toBeNull();
  await s.change(uri, overloaded);
  await s.phase(uri, 'stale');
});

test('with run on type, an edit without errors runs, and a half-written one only makes the results stale', async () => {
  const s = await start({ runOnType: true });
  await s.open(uri, overloaded);
  const first = (await s.phase(uri, 'fresh')).state.hash;
  await s.change(uri, overloaded.replace('timeout: 1 ms', 'timeout: '));
  await s.phase(uri, 'stale');
  await s.change(uri, relaxed);
  await s.until(
    () =>
      s.states.some(({ state }) => state.uri === uri && state.phase === 'fresh' && state.hash !== first) || undefined,
  );
  expect(slos(s)).toEqual([]);
  expect(s.states.some(({ state }) => state.uri === uri && state.phase === 'rejected')).toBe(false);
});
