import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ScenarioResult } from '../../../design/index.ts';
import { unpack } from '../../../protocol/index.ts';
import { scenarioResult } from '../hand-made.ts';
import { engineThat, smallProgram } from '../small-program.ts';

const { directory, stimpack } = smallProgram();

describe('run', () => {
  test.each([
    ['met', 0],
    ['violated', 1],
    ['undecided', 1],
  ] as const)('%s: exit code %i', async (verdict, expected) => {
    const { code, out } = await stimpack('run good.npu', engineThat(verdict));
    expect(code).toBe(expected);
    expect(out.includes('error[slo-violated]: too slow\n --> good.npu:2:1\n')).toBe(verdict !== 'met');
  });

  test.each([
    ['run good.npu', [{ scenario: 'Rush', seed: 1 }]],
    ['run good.npu --seed 7', [{ scenario: 'Rush', seed: 7 }]],
    ['run good.npu --scenario Imported', [{ scenario: 'Imported', seed: 1 }]],
  ])('stimpack %s simulates the scenarios of the file, or the named one', async (line, expected) => {
    const seen: unknown[] = [];
    await stimpack(line, engineThat('met', seen));
    expect(seen).toEqual(expected);
  });

  test('JSON has units in its keys and a fixed order, and is the same in each run', async () => {
    const { code, out, err } = await stimpack('run good.npu --format json', engineThat('violated'));
    expect([code, err]).toEqual([1, '']);
    const document = JSON.parse(out);
    expect(Object.keys(document)).toEqual([
      'schemaVersion',
      'command',
      'exitCode',
      'file',
      'verdict',
      'scenarios',
      'diagnostics',
    ]);
    const [scenario] = document.scenarios;
    expect(scenario.serves[0]).toMatchObject({
      offeredLoadRps: 2400,
      p99LatencySeconds: 0.0158,
      energyJoulesPerRequest: 0.0412,
      slos: [
        { text: 'p99 latency <= 15 ms', verdict: 'violated', limitSeconds: 0.015, measuredSeconds: 0.0158 },
        { text: 'accuracy >= 76.3 %', verdict: 'met', limitFraction: 0.763, measuredLowFraction: null },
      ],
    });
    expect(scenario.energyJoules).toBeCloseTo(98.7 * 25, 9);
    expect(document.diagnostics[0].code).toBe('slo-violated');
    expect((await stimpack('run good.npu --format json', engineThat('violated'))).out).toBe(out);
  });

  test('warnings of the design are not part of the result', async () => {
    const { out, err } = await stimpack('run warned.npu');
    expect(out).not.toContain('warning');
    expect(err).toContain('warning[unknown-property]');
  });
});

describe('run --html', () => {
  test('writes one page with the results that may load nothing', async () => {
    const { code, out } = await stimpack('run good.npu --html page.html', engineThat('violated'));
    expect([code, out]).toEqual([1, expect.stringContaining('2 objectives')]);
    const page = readFileSync(join(directory, 'page.html'), 'utf8');
    const script = page.match(/<script>(.*?)<\/script>/s)?.[1] ?? '';
    expect(page).toContain("default-src 'none'");
    expect(page).toContain(`'sha256-${createHash('sha256').update(script).digest('base64')}'`);
    const tree = JSON.parse(page.match(/id="stimpack-data">(.*?)<\/script>/s)?.[1] ?? '').tree;
    const buffer = Buffer.from(page.match(/id="stimpack-columns">(.*?)<\/script>/s)?.[1] ?? '', 'base64');
    const [result] = unpack<readonly ScenarioResult[]>({ tree, buffer: Uint8Array.from(buffer).buffer });
    expect(result).toEqual({ ...scenarioResult('violated'), scenario: 'Rush' });
  });

  test('--trace writes events of every chip, including those of variants', async () => {
    await stimpack('run good.npu --trace trace.json', engineThat('met'));
    const { traceEvents } = JSON.parse(readFileSync(join(directory, 'trace.json'), 'utf8'));
    const names = traceEvents.filter((event: { name: string }) => event.name === 'process_name');
    expect(names.map((event: { args: { name: string } }) => event.args.name)).toEqual(
      expect.arrayContaining(['Rush: chip 1 (Stimpack)', 'TPUv4i: chip 1 (Stimpack)']),
    );
  });

  test.each([
    ['run good.npu --trace nowhere/trace.json', 'cannot write nowhere/trace.json: there is no such directory'],
    ['run good.npu --html nowhere/page.html', 'cannot write nowhere/page.html: there is no such directory'],
    ['run good.npu --html designs', 'cannot write designs: it is a directory'],
  ])('stimpack %s is rejected before the simulation', async (line, message) => {
    const seen: unknown[] = [];
    const { code, err } = await stimpack(line, engineThat('met', seen));
    expect([code, seen]).toEqual([2, []]);
    expect(err).toContain(message);
  });
});

describe('a file that cannot be written at the end of a run', () => {
  const full = '/dev/full';
  test.skipIf(!existsSync(full))('changes the exit code and leaves the results', async () => {
    const text = await stimpack(`run good.npu --html ${full}`);
    expect([text.code, text.err]).toEqual([2, `error[cannot-write]: cannot write ${full}: the disk is full\n`]);
    expect(text.out).toContain('Rush');
    const json = await stimpack(`run good.npu --format json --html ${full}`);
    const document = JSON.parse(json.out);
    expect([json.code, document.exitCode, document.verdict]).toEqual([2, 2, 'met']);
    expect(document.scenarios).toHaveLength(1);
    expect(document.diagnostics).toEqual([expect.objectContaining({ code: 'cannot-write', file: full })]);
  });
});
