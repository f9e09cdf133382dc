/**
 * Measures the waiting times of a user who types, with the server as a separate process over stdio: from fork to the answer to
 * `initialize`, from a keystroke to its diagnostics, and to a completion list. The files have 2,000 and 20,000 lines. The edits
 * are inside a network, which is the most expensive place.
 *
 *   npx tsx scripts/build.ts && npx tsx bench/language.ts
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { serverNodeOptions } from '../protocol/index.ts';
import { TestServer } from '../test/server/language-server.ts';

const rounds = 40;
const budgets = { initialize: 200, keystroke2000: 10, keystroke20000: 60, completion: 20 };

/** A large design with chips, networks and traffic. It repeats a network of 60 layers in 40 lines. */
export function largeDesign(lines: number): string {
  const parts = ['import "stimpack/stimpack"', 'let peak = 1000 rps', ''];
  let at = parts.length;
  for (let i = 0; at < lines - 30; i++) {
    const text = [
      `/// Network ${i}.`,
      `model Net${i} {`,
      '  input: 56 x 56 x 32',
      '  layers {',
      ...Array.from({ length: 10 }, (_, k) => [
        `    conv${k}: conv { kernel: 3 x 3, filters: ${32 + k}, padding: same }`,
        '    relu',
        `    residual { conv { kernel: 1 x 1, filters: ${32 + k} } relu }`,
      ]).flat(),
      '    globalpool',
      '    dense { outputs: 100 }',
      '  }',
      '}',
      `npu Chip${i} extends Stimpack { HBM { bandwidth: ${600 + (i % 50)} GB/s } }`,
      '',
    ];
    parts.push(...text);
    at += text.length;
  }
  parts.push(
    'scenario Rush {',
    '  npu: Chip0',
    '  serve Net0 {',
    '    arrivals: poisson(peak)',
    '    slo { p99 latency <= 15 ms }',
    '  }',
    '}',
  );
  return `${parts.join('\n')}\n`;
}

interface Times {
  readonly median: number;
  readonly worst: number;
  /**
   * The mean processor time of the server in milliseconds, if the system reports it. On a machine that does nothing else, it
   * equals the elapsed time.
   */
  readonly cpu?: number | undefined;
}

/** The processor time that a process has used until now, in milliseconds (Linux: in ticks of 10 ms). */
function cpuOf(pid: number | undefined): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return undefined;
  }
}

/**
 * `rest`: the remaining work after a measured action. The program waits for it before the next action, but does not
 * measure it.
 */
async function measure(
  server: TestServer,
  act: (round: number) => Promise<unknown>,
  rest: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Times> {
  // The first rounds only warm up the JavaScript engine.
  for (let round = 0; round < rounds; round++) {
    await act(round);
    await rest();
  }
  const times: number[] = [];
  const before = cpuOf(server.pid);
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await act(round);
    times.push(performance.now() - start);
    await rest();
  }
  times.sort((a, b) => a - b);
  const after = cpuOf(server.pid);
  return {
    median: times[rounds >> 1] ?? Number.NaN,
    worst: times.at(-1) ?? Number.NaN,
    cpu: before === undefined || after === undefined ? undefined : (after - before) / rounds,
  };
}

function print(what: string, { median, worst, cpu }: Times, budget?: number): void {
  const processor = cpu === undefined ? '' : `  cpu ${cpu.toFixed(1).padStart(6)} ms`;
  const verdict = budget === undefined ? '' : `  budget ${budget} ms  ${median <= budget ? 'ok' : 'MISSED'}`;
  console.log(
    `${what.padEnd(44)} median ${median.toFixed(1).padStart(7)} ms  worst ${worst.toFixed(1).padStart(7)} ms${processor}${verdict}`,
  );
}

const median = (times: readonly number[]): Times => {
  const sorted = times.toSorted((a, b) => a - b);
  return { median: sorted[sorted.length >> 1] ?? Number.NaN, worst: sorted.at(-1) ?? Number.NaN };
};

/**
 * Measures the time from fork to the answer, and to the first diagnostics of the first file: without stored compiled code, and
 * with it, as at each later start of an editor.
 */
async function benchStart(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'stimpack-bench-'));
  const uri = pathToFileURL(path.resolve('examples/rush.npu')).href;
  const text = readFileSync('examples/rush.npu', 'utf8');
  const start = async (compiled: string): Promise<readonly [number, number, TestServer]> => {
    const begun = performance.now();
    const { server } = await TestServer.start({ runOnOpen: false, env: { STIMPACK_COMPILED: compiled } });
    const initialized = performance.now() - begun;
    await server.open(uri, text);
    await server.pull(uri);
    return [initialized, performance.now() - begun, server];
  };
  try {
    const [, , first] = await start(folder);
    while (!readdirSync(folder).includes('programs.cjs.bin')) await setTimeout(100);
    await first.stop();
    const none = (): { initialize: number[]; diagnostics: number[] } => ({ initialize: [], diagnostics: [] });
    const times = new Map(['', folder].map((compiled) => [compiled, none()]));
    // Alternate the two, so that other load on the machine affects both.
    for (let i = 0; i < 15; i++) {
      for (const [compiled, { initialize, diagnostics }] of times) {
        const [initialized, told, server] = await start(compiled);
        initialize.push(initialized);
        diagnostics.push(told);
        await server.stop();
      }
    }
    for (const [compiled, { initialize, diagnostics }] of times) {
      const which = compiled === '' ? 'first start' : 'later starts';
      print(`initialize, from fork, ${which}`, median(initialize), budgets.initialize);
      print(`first diagnostics, from fork, ${which}`, median(diagnostics));
    }
    const node = Array.from({ length: 15 }, () => {
      const begun = performance.now();
      spawnSync(process.execPath, [...serverNodeOptions, '-e', '0']);
      return performance.now() - begun;
    });
    print('Node that does nothing, in and out', median(node));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchTyping(lines: number, budget: number): Promise<void> {
  const { server } = await TestServer.start({ runOnOpen: false });
  const uri = pathToFileURL(path.resolve(`bench/large-${lines}.npu`)).href;
  const text = largeDesign(lines);
  const count = text.split('\n').length;
  await server.open(uri, text);
  await server.pull(uri);
  // Type the number of filters of a layer in the middle of the file, digit by digit.
  const line = text.split('\n').findIndex((one, i) => i > count / 2 && one.includes('conv0: conv'));
  const character = (text.split('\n')[line] ?? '').indexOf('filters: ') + 'filters: '.length;
  let version = 100;
  const type = (round: number): Promise<void> => {
    version += 1;
    const start = { line, character };
    const end = { line, character: character + (round % 2) };
    const change = { range: { start, end }, text: round % 2 === 0 ? '1' : '' };
    return server.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [change],
    });
  };
  const keystroke = await measure(server, async (round) => {
    await type(round);
    await server.pull(uri);
  });
  print(`keystroke to diagnostics, ${count} lines`, keystroke, budget);
  // The check of a long text runs after the completion and before the next keystroke.
  const complete = async (round: number): Promise<void> => {
    await type(round);
    await server.ask('completion', uri, { position: { line, character: character - 'filters: '.length } });
  };
  const completion = await measure(server, complete, () => server.pull(uri));
  print(`keystroke to completion, ${count} lines`, completion, budgets.completion);
  const again = await measure(server, () =>
    server.ask('completion', uri, { position: { line, character: character - 'filters: '.length } }),
  );
  print(`completion alone, ${count} lines`, again, budgets.completion);
  const whole = { start: { line: 0, character: 0 }, end: { line: count, character: 0 } };
  print(`semantic tokens, ${count} lines`, await measure(server, () => server.ask('semanticTokens/full', uri)), 100);
  print(
    `inlay hints, ${count} lines`,
    await measure(server, () => server.ask('inlayHint', uri, { range: whole })),
    100,
  );
  const shown = { start: { line: line - 30, character: 0 }, end: { line: line + 30, character: 0 } };
  print(
    `inlay hints of a page, ${count} lines`,
    await measure(server, () => server.ask('inlayHint', uri, { range: shown })),
    20,
  );
  print(`lenses, ${count} lines`, await measure(server, () => server.ask('codeLens', uri)), 20);
  await server.stop();
}

await benchStart();
await benchTyping(2_000, budgets.keystroke2000);
await benchTyping(20_000, budgets.keystroke20000);
