import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Caveat,
  emptyDetails,
  type Plan,
  type ResultPart,
  type RowDetails,
  textDigest,
} from '../../design/index.ts';
import { readResults, resultLines } from '../../formats/index.ts';

const plan: Plan = {
  file: 'sizing.npu',
  exploration: 'Sizing',
  scenario: 'Rush',
  npu: 'Chip',
  hash: '0123456789abcdef',
  axes: [
    { path: 'Chip.HBM.bandwidth', values: ['1 GB/s', '2 GB/s'], numbers: [1e9, 2e9] },
    { path: 'Chip.array.dataflow', values: ['weight-stationary', 'output-stationary'], numbers: [null, null] },
  ],
  goals: [
    { sense: 'maximize', measure: 'capacity' },
    { sense: 'minimize', measure: 'energy' },
  ],
  further: ['throughput'],
  asWritten: 3,
};
const details: RowDetails = {
  further: [980],
  lows: [1234.5, null, 970],
  highs: [1300, null, 990],
  seed: 7,
  designHash: 'fedcba9876543210',
  caveats: ['trace-rows'],
};
const part: ResultPart = {
  plan,
  shard: { index: 2, count: 2 },
  toolVersion: '0.1.0',
  statedInputs: ['Trace t.csv: its times are in s.'],
  caveats: [
    {
      code: 'trace-rows',
      text: 'Left out.',
      effect: { kind: 'more-requests', count: 3 },
      origin: { uri: '', start: 0, end: 0 },
    },
    {
      code: 'onnx-approximated',
      text: 'A guess.',
      effect: { kind: 'any' },
      serves: ['A'],
      origin: { uri: '', start: 0, end: 0 },
    },
  ],
  rows: [
    { design: 1, verdict: 'met', measures: [1234.5, null], problem: null, details },
    { design: 3, verdict: 'unbuilt', measures: [null, null], problem: 'no "chip"\n', details: emptyDetails(plan) },
  ],
};
const text = [...resultLines(part)].join('');

describe('a results file', () => {
  test('is read as it was written', () => {
    expect(readResults(text)).toEqual({ kind: 'part', part });
  });
  test('has one flat, numeric row for each design', () => {
    expect(JSON.parse(text.split('\n')[1] ?? '')).toEqual({
      design: 1,
      'Chip.HBM.bandwidth': 1e9,
      'Chip.HBM.bandwidth (as written)': '1 GB/s',
      'Chip.array.dataflow': null,
      'Chip.array.dataflow (as written)': 'output-stationary',
      verdict: 'met',
      capacityRps: 1234.5,
      capacityLowRps: 1234.5,
      capacityHighRps: 1300,
      energyJoulesPerRequest: null,
      throughputRps: 980,
      throughputLowRps: 970,
      throughputHighRps: 990,
      caveats: 'trace-rows',
      problem: null,
      seed: 7,
      designHash: 'fedcba9876543210',
    });
  });
});

/** The text after an edit by a person who also corrects the digest. */
function forged(edit: (lines: string) => string): string {
  const end = text.lastIndexOf('{"end"');
  const lines = edit(text.slice(0, end));
  return `${lines}${JSON.stringify({ ...JSON.parse(text.slice(end)), digest: textDigest(lines) })}\n`;
}

describe('the caveats of a results file', () => {
  const nowhere = { uri: '', start: 0, end: 0 };
  test.each<Caveat>([
    { code: 'trace-rows', text: 'Left out.', effect: { kind: 'more-requests', count: 3 }, origin: nowhere },
    { code: 'onnx-approximated', text: 'A guess.', effect: { kind: 'any' }, serves: ['Net'], origin: nowhere },
    { code: 'trace-rows', text: 'Left out.', effect: { kind: 'heavier' }, origin: nowhere },
    { code: 'trace-rows', text: 'Left out.', effect: { kind: 'none' }, origin: nowhere },
  ])('keep all their parts: %j', (caveat) => {
    const read = readResults([...resultLines({ ...part, caveats: [caveat] })].join(''));
    expect(read.kind === 'part' && read.part.caveats).toEqual([caveat]);
  });

  test.each([
    'null',
    '3',
    '{}',
    '{"code":"nothing","text":"x","effect":"any","serves":null}',
    '{"code":"trace-rows"}',
    '{"code":"trace-rows","text":"x","effect":"smaller","serves":null}',
    '{"code":"trace-rows","text":"x","effect":"more-requests","serves":null}',
    '{"code":"trace-rows","text":"x","effect":"any","serves":[1]}',
  ])('are rejected if they are not valid: %s', (written) => {
    const damaged = forged((lines) => lines.replace(/"caveats":\[.*\]\}\n/u, `"caveats":[${written}]}\n`));
    expect(readResults(damaged)).toMatchObject({ kind: 'damaged', why: 'has a caveat that cannot be read' });
  });
});

describe('a results file that cannot be trusted', () => {
  test.each([
    ['is empty', '', 'is empty or cut off'],
    ['ends in its first line', text.slice(0, 150), 'is empty or cut off'],
    ['ends within a row', text.slice(0, text.length - 120), 'is cut off'],
    ['has no last line break', text.trimEnd(), 'is cut off'],
    ['has another digit', text.replace('1234.5', '1234.6'), 'digest does not agree'],
    ['has an unknown effect', forged((lines) => lines.replace('"any"', '"some"')), 'a caveat that cannot be read'],
    ['has an unknown caveat', forged((lines) => lines.replace('trace-rows', 'rows')), 'a caveat that cannot be read'],
    ['has an unknown verdict', forged((lines) => lines.replace('"met"', '"fine"')), 'its verdict is unknown'],
    [
      'has a design outside of the plan',
      forged((lines) => lines.replace('"design":3', '"design":4')),
      'its design is not part of the plan: 4',
    ],
    [
      'has a design of another shard',
      forged((lines) => lines.replace('"design":3', '"design":2')),
      'design 2 belongs to another shard',
    ],
    [
      'has one design twice',
      forged((lines) => `${lines}${lines.split('\n')[1]}\n`),
      '3 rows, and the count in its last line is 2',
    ],
    [
      'has values that the plan does not',
      forged((lines) => lines.replace('"1 GB/s","Chip', '"3 GB/s","Chip')),
      'design 1 has another value of axis 1 in the plan',
    ],
    [
      'has a text instead of a number',
      forged((lines) => lines.replace('1234.5', '"=cmd"')),
      'capacityRps is not a number',
    ],
    [
      'has a text as the end of an interval',
      forged((lines) => lines.replace('"throughputLowRps":970', '"throughputLowRps":"970"')),
      'throughputLowRps is not a number',
    ],
    [
      'lacks the end of an interval',
      forged((lines) => lines.replace('"throughputHighRps":990,', '')),
      'throughputHighRps is not a number',
    ],
    ['has a broken seed', forged((lines) => lines.replace('"seed":7', '"seed":7.5')), 'its seed is not a whole number'],
    ['has no hash of a design', forged((lines) => lines.replace('"fedcba9876543210"', '""')), 'its design hash'],
    [
      'has an unknown caveat in a row',
      forged((lines) => lines.replace('"caveats":"trace-rows"', '"caveats":"=cmd"')),
      'its caveats are not known codes',
    ],
    [
      'has an unknown measure',
      forged((lines) => lines.replace('"further":["throughput"]', '"further":["speed"]')),
      'describes no plan',
    ],
    [
      'has a number for a stated input',
      forged((lines) => lines.replace(/"statedInputs":\[.*?\]/u, '"statedInputs":[7]')),
      'not a text',
    ],
    ['has no goals', forged((lines) => lines.replace(/"goals":\[.*?\]/u, '"goals":[]')), 'describes no plan'],
    ['has an impossible shard', forged((lines) => lines.replace('"index":2', '"index":3')), 'impossible shard'],
    [
      'is an older document that was cut off',
      '{\n  "schemaVersion": 1,\n  "command": "explore",\n  "ex',
      'its JSON does not end',
    ],
  ])('is damaged: %s', (_, damaged, why) => {
    expect(readResults(damaged)).toMatchObject({ kind: 'damaged', why: expect.stringContaining(why) });
  });
  test('no reason quotes a text of the file, which can be any file', () => {
    const secret = 'hunter2\u001b[31m';
    const lines = text.split('\n').slice(0, 3);
    let reasons = 0;
    for (const [at, line] of lines.entries()) {
      for (const { index, 0: value } of line.matchAll(/(?<=[:[,])("[^"]*"(?!:)|-?[\d.e+]+)/gu)) {
        const changed = line.slice(0, index) + JSON.stringify(secret) + line.slice(index + value.length);
        const read = readResults(
          forged(() => `${lines.map((each, other) => (other === at ? changed : each)).join('\n')}\n`),
        );
        if (read.kind === 'part' || read.kind === 'foreign') continue;
        reasons += 1;
        const { claim: _, ...reason } = { claim: undefined, ...read };
        expect(JSON.stringify(reason), changed).not.toContain('hunter2');
      }
    }
    expect(reasons).toBeGreaterThan(20);
  });
  test('an unsupported schema version is reported as such', () => {
    const newer = forged((lines) => lines.replace('"schemaVersion":3', '"schemaVersion":4'));
    expect(readResults(newer)).toEqual({ kind: 'other-version', what: 'has another schema version than 3: 4' });
    const older = '{"schemaVersion": 1, "command": "explore", "designs": []}';
    expect(readResults(older).kind).toBe('other-version');
  });
  test.each([['{"by": "another program"}'], ['[1, 2]'], ['null'], ['a,b\n1,2\n'], ['{"format":"other"}\n']])(
    '%s is not a results file',
    (other) => expect(readResults(other)).toEqual({ kind: 'foreign' }),
  );
  test('a file with one changed character is never accepted as a whole part', () => {
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ minLength: 0, maxLength: 2 }), (at, put) => {
        const changed = text.slice(0, at) + put + text.slice(at + 1);
        fc.pre(changed !== text);
        const read = readResults(changed);
        expect(read.kind === 'part' && JSON.stringify(read.part) !== JSON.stringify(part)).toBe(false);
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});
