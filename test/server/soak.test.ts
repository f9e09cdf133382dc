import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { series } from '../series.ts';
import { TestServer } from './language-server.ts';

/*
 * A long session: documents are opened, edited, queried, saved, run and closed. At the end, the server's memory is as
 * large as after the first rounds. STIMPACK_SOAK=5000 gives a session of a day (about 60,000 edits).
 */

const rounds = Number(process.env.STIMPACK_SOAK ?? series(15, 30));
const editsPerRound = 12;
/** Rounds before the first measurement, in which V8 compiles and caches fill up to their limits. */
const warmUp = 15;

const folder = mkdtempSync(path.join(tmpdir(), 'stimpack-soak-'));
const heapFile = path.join(folder, 'heap');
let server: TestServer;

beforeAll(async () => {
  const started = await TestServer.start({
    nodeOptions: ['--expose-gc', '--require', path.resolve('test/server/heap-probe.cjs')],
    env: { STIMPACK_TEST_HEAP: heapFile },
  });
  server = started.server;
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Several hundred lines, so that a leak of a text or its tree is visible. */
const textOf = (round: number, edit: number): string => `import "stimpack/stimpack"
import "stimpack/resnet50"
/// Round ${round}.
npu Mine${round} extends Stimpack { HBM { bandwidth: ${400 + round + edit} GB/s } }
${Array.from({ length: 200 }, (_, i) => `let unused${round}-${i} = ${i} ms * ${edit}`).join('\n')}
scenario Rush${round} {
  npu: Mine${round}
  serve ResNet50 {
    arrivals: poisson(${round % 3 === 0 ? 60000 : 500 + round} rps)
    slo { p99 latency <= 15 ms }
  }
}
`;

async function play(round: number): Promise<void> {
  // Some documents come back, some do not. One stays open and is imported.
  const uri = `file:///soak/design${round % 2 === 0 ? round : 1}.npu`;
  await server.open(uri, textOf(round, 0));
  for (let edit = 1; edit <= editsPerRound; edit++) {
    await server.change(uri, textOf(round, edit));
    const position = { line: 3, character: 6 };
    if (edit % 4 === 0) await server.ask('hover', uri, { position });
    if (edit % 5 === 0) await server.ask('completion', uri, { position: { line: 3, character: 42 } });
    if (edit % 7 === 0) await server.ask('semanticTokens/full', uri);
  }
  await server.ask('codeLens', uri);
  await server.ask('references', uri, { position: { line: 3, character: 6 }, context: { includeDeclaration: true } });
  await server.pull(uri);
  await server.save(uri);
  await server.phase(uri, 'fresh');
  const range = { start: { line: 0, character: 0 }, end: { line: 300, character: 0 } };
  await server.ask('codeAction', uri, { range, context: { diagnostics: [], triggerKind: 2 } });
  await server.ask('inlayHint', uri, { range });
  await server.close(uri);
  // The memory of the test itself must not grow, or it would be measured too.
  server.states.length = 0;
  server.published.length = 0;
}

/** Waits until the heap no longer shrinks, so that work in progress has ended. */
async function settledHeapBytes(): Promise<number> {
  let least = await heapBytes();
  for (;;) {
    await sleep(100);
    const now = await heapBytes();
    if (now > least * 0.98) return Math.min(now, least);
    least = now;
  }
}

async function heapBytes(): Promise<number> {
  rmSync(heapFile, { force: true });
  if (server.pid === undefined) throw new Error('the server has no process');
  process.kill(server.pid, 'SIGUSR2');
  while (!existsSync(heapFile) || readFileSync(heapFile, 'utf8') === '') await sleep(20);
  return Number(readFileSync(heapFile, 'utf8'));
}

/**
 * The least of several values, with a few edits before each. The heap goes up and down by a megabyte, with what V8 has compiled; only what is kept
 * raises the least value.
 */
async function leastHeapBytes(edit: (number: number) => Promise<void>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let sample = 0; sample < 6; sample++) {
    for (let i = 1; i <= 15; i++) await edit(i);
    least = Math.min(least, await settledHeapBytes());
  }
  return least;
}

/** Documents that stay open through all of their edits: each with its text by the number of the edit. */
const openDocuments = [
  { name: 'a scenario', textOf: (edit: number) => textOf(0, edit) },
  {
    name: '1,500 lets',
    textOf: (edit: number) =>
      Array.from({ length: 1500 }, (_, i) => `let value-of-${i} = ${i === 700 ? edit : i} ms * 2`).join('\n'),
  },
];

/** Edits before the first measurement: V8 still compiles during the first hundred, which can take half a megabyte. */
const openWarmUp = 200;
const openEdits = Number(process.env.STIMPACK_SOAK_EDITS ?? 150);

test.each(openDocuments)(
  '$name that stays open keeps no earlier text',
  async ({ name, textOf: text }) => {
    const dep = `file:///soak/${encodeURIComponent(name)}.npu`;
    const main = `file:///soak/importer-of-${encodeURIComponent(name)}.npu`;
    await server.open(dep, text(0));
    await server.open(main, `import "./${name}.npu"\nlet own = 1\n`);
    const edit = async (number: number): Promise<void> => {
      await server.change(dep, text(number % 10));
      await server.ask('completion', dep, { position: { line: 3, character: 6 } });
      await server.pull(main);
      server.states.length = 0;
      server.published.length = 0;
    };
    for (let i = 1; i <= openWarmUp; i++) await edit(i);
    const before = await leastHeapBytes(edit);
    for (let i = 1; i <= openEdits; i++) await edit(i);
    const after = await leastHeapBytes(edit);
    console.log(`${name}: ${((after - before) / 1e6).toFixed(2)} MB more after ${openEdits} edits`);
    await server.close(main);
    await server.close(dep);
    expect(after - before).toBeLessThan(1e6);
  },
  3_600_000,
);

test('a burst of 10,000 changes is processed and leaves no memory behind', async () => {
  const uri = 'file:///soak/burst.npu';
  await server.open(uri, textOf(0, 0));
  const burst = async (): Promise<void> => {
    const start = { line: 0, character: 0 };
    for (let i = 0; i < 10_000; i++)
      void server.type(uri, { start, end: { line: 0, character: i === 0 ? 0 : 1 } }, '/');
    void server.type(uri, { start, end: { line: 0, character: 1 } }, '');
    expect((await server.pull(uri)).filter(({ severity }) => severity === 1)).toEqual([]);
    server.states.length = 0;
    server.published.length = 0;
  };
  const edit = async (): Promise<void> => {
    const start = { line: 0, character: 0 };
    void server.type(uri, { start, end: start }, '/');
    void server.type(uri, { start, end: { line: 0, character: 1 } }, '');
    await server.pull(uri);
    server.published.length = 0;
  };
  // V8 compiles and optimizes during the first two bursts, which takes about a megabyte once. Six more bursts add 0.1 MB.
  await burst();
  await burst();
  const before = await leastHeapBytes(edit);
  await burst();
  const after = await leastHeapBytes(edit);
  console.log(`${((after - before) / 1e6).toFixed(2)} MB more after 10,000 changes`);
  await server.close(uri);
  expect(after - before).toBeLessThan(1e6);
}, 3_600_000);

test('the heap does not grow with the session', async () => {
  for (let round = 0; round < warmUp; round++) await play(round);
  const before = await settledHeapBytes();
  for (let round = 0; round < rounds; round++) await play(warmUp + round);
  const after = await settledHeapBytes();
  console.log(`${(before / 1e6).toFixed(1)} MB after ${warmUp} rounds, ${(after / 1e6).toFixed(1)} MB ${rounds} later`);
  expect(after / before).toBeLessThan(1.25);
}, 3_600_000);
