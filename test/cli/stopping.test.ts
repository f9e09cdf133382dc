import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { interruptsOf } from '../../cli/interrupts.ts';
import { journalExtension, readResults } from '../../formats/index.ts';

const cli = resolve('dist/cli.cjs');
const directory = mkdtempSync(join(tmpdir(), 'npu-stopping-'));
afterAll(() => rmSync(directory, { recursive: true }));

const scenario = (name: string, requests: number): string => `scenario ${name} {
  npu: TPUv4i
  duration: ${requests} requests
  serve ResNet50 { arrivals: poisson(500 rps), slo { p99 latency <= 15 ms } }
}
`;
const imports = 'import "stimpack/tpuv4i"\nimport "stimpack/resnet50"\n';
const endless = 2_000_000_000;
writeFileSync(join(directory, 'long.npu'), imports + scenario('Short', 2000) + scenario('Long', endless));
writeFileSync(
  join(directory, 'explore.npu'),
  `${imports}npu Sized extends TPUv4i { HBM { bandwidth: 600 GB/s } }
${scenario('Few', 2000).replace('npu: TPUv4i', 'npu: Sized').replace('duration: 2000', 'duration: 200000')}
explore Sizing {
  scenario: Few
  vary Sized.HBM.bandwidth in 200 GB/s .. 1100 GB/s step 1 GB/s
  minimize latency
}
`,
);

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Sends the signal after `isReady` accepts the printed and written output. */
async function stopped(
  args: readonly string[],
  signal: NodeJS.Signals,
  isReady: (out: string) => boolean,
): Promise<Ended> {
  const child = spawn(process.execPath, [cli, ...args], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (piece) => {
    out += piece;
  });
  child.stderr.on('data', (piece) => {
    err += piece;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  while (child.exitCode === null && !isReady(out)) await sleep(50);
  child.kill(signal);
  return { code: await ended, out, err };
}

describe('a run that a signal stops', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s: exit code %i, and a list of finished and unfinished scenarios', async (signal, code) => {
    const ended = await stopped(['run', 'long.npu', '--html', 'long.html'], signal, (out) => out.includes('met'));
    expect(ended.err).toBe(
      'stopped: the simulation of Long ended early. 1 of 2 scenarios are finished. long.html was not written.\n',
    );
    expect(ended.code).toBe(code);
    expect(ended.out).toContain('Short');
    expect(existsSync(join(directory, 'long.html'))).toBe(false);
  });
});

/** Nothing is printed before the end. The journal of the exploration gets a line for each finished design, after its first one. */
function journalLines(folder: string): number {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const journals = names.filter((name) => name.endsWith(journalExtension));
  return journals.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n')).length;
}

test('a shard without threads stops in the middle of a design', async () => {
  const text = readFileSync(join(directory, 'explore.npu'), 'utf8').replace('200000 requests', `${endless} requests`);
  writeFileSync(join(directory, 'endless.npu'), text);
  const args = ['explore', 'endless.npu', '--shard', '1/900', '--out', 'endless', '--jobs', '1'];
  let looks = 0;
  // The journal exists before the first design begins.
  const isUnderWay = (): boolean => journalLines(join(directory, 'endless')) > 0 && looks++ > 10;
  const ended = await stopped(args, 'SIGTERM', isUnderWay);
  expect(ended.err).toBe('stopped: the exploration Sizing ended early. 0 of 2 designs are finished.\n');
  expect(ended.code).toBe(143);
});

test('a stopped exploration keeps the finished designs', async () => {
  const args = ['explore', 'explore.npu', '--out', 'parts', '--format', 'json'];
  const ended = await stopped(args, 'SIGINT', () => journalLines(join(directory, 'parts')) > 3);
  expect(ended.code, ended.err).toBe(130);
  const document = JSON.parse(ended.out);
  expect(document.exitCode).toBe(130);
  const last = document.diagnostics.at(-1);
  expect(last.code).toBe('stopped');
  const [, finished] =
    /the exploration Sizing ended early\. (\d+) of 901 designs are finished\./u.exec(last.message) ?? [];
  const read = existsSync(join(directory, 'parts/Sizing.jsonl'))
    ? readResults(readFileSync(join(directory, 'parts/Sizing.jsonl'), 'utf8'))
    : undefined;
  expect(read === undefined ? 0 : read.kind === 'part' ? read.part.rows.length : read).toBe(Number(finished));
  expect(document.designs.filter(({ verdict }: { verdict: string }) => verdict !== 'unbuilt').length).toBe(
    Number(finished),
  );
}, 240_000);

describe('interrupts', () => {
  test('handle signals only during long work, and only the first one', async () => {
    const target = new EventEmitter() as unknown as NodeJS.Process;
    const interrupts = interruptsOf(target);
    const handlers = (): number => target.listenerCount('SIGINT') + target.listenerCount('SIGTERM');
    expect(handlers()).toBe(0);
    await interrupts.during(async () => expect(handlers()).toBe(2));
    expect([handlers(), interrupts.exitCode]).toEqual([0, undefined]);
    const seen = await interrupts.during(async (stop) => {
      target.emit('SIGTERM', 'SIGTERM');
      return [stop.aborted, handlers()];
    });
    expect([seen, interrupts.exitCode]).toEqual([[true, 0], 143]);
    // A reader of the output that has gone stops work as well, and what it stops keeps the exit code of a signal before it.
    const piped = interruptsOf(new EventEmitter() as unknown as NodeJS.Process);
    const isStopped = await piped.during(async (stop) => {
      piped.readerLeft();
      return stop.aborted;
    });
    interrupts.readerLeft();
    expect([isStopped, piped.exitCode, interrupts.exitCode]).toEqual([true, 141, 143]);
    // The work after it does not start.
    expect(await interrupts.during(async (stop) => [stop.aborted, handlers()])).toEqual([true, 0]);
  });
});
