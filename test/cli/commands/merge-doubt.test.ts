import { linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { textDigest } from '../../../design/index.ts';
import { realProgram, tinyDesign } from '../real-program.ts';
import type { Ran } from '../small-program.ts';

/* Parts with a valid digest whose content cannot be true, and the shards that run again. The program runs with its real engine. */

const program = realProgram();
const stimpack = (line: string): Promise<Ran> => program.stimpack(...line.split(' '));
program.write({
  'e.npu': `${tinyDesign}
explore E {
  scenario: Calm
  vary Tiny.HBM.bandwidth in [300 GB/s, 610 GB/s]
  vary Tiny.CMEM.capacity in [64 MiB, 128 MiB]
  minimize latency
}
`,
});

type Fields = Record<string, unknown>;

let one = '';
let two = '';
const folder = join(program.directory, 'parts');
const put = (files: Readonly<Record<string, string>>): void => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
};

beforeAll(async () => {
  for (const shard of ['1/2', '2/2']) await stimpack(`explore e.npu --shard ${shard} --out made`);
  one = readFileSync(join(program.directory, 'made/E-1-of-2.jsonl'), 'utf8');
  two = readFileSync(join(program.directory, 'made/E-2-of-2.jsonl'), 'utf8');
});
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
});

/** A part after an edit by a person who also corrects its last line. */
function edited(text: string, edit: (head: Fields, rows: Fields[]) => void): string {
  const [head = {}, ...rows] = text
    .trimEnd()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Fields);
  edit(head, rows);
  const lines = [head, ...rows].map((line) => `${JSON.stringify(line)}\n`).join('');
  return `${lines}${JSON.stringify({ end: 'stimpack-results', rows: rows.length, digest: textDigest(lines) })}\n`;
}

const withRow = (text: string, change: Fields): string =>
  edited(text, (_, rows) => {
    rows[0] = { ...rows[0], ...change };
  });

const again = 'Run again: stimpack explore e.npu --name E --shard 1/2 --out parts';

describe('two parts that disagree about a design', () => {
  test.each([
    ['verdict', { verdict: 'undecided' }, 'its verdict is met here and undecided there'],
    ['value', { p99LatencySeconds: 5 }, 'its values are not the same'],
    ['seed', { seed: 99 }, 'its seed is 1 here and 99 there'],
    ['design hash', { designHash: '0123456789abcdef' }, 'and 0123456789abcdef there'],
  ])('with another %s are named and not used, in every order', async (_, change, what) => {
    const other = withRow(one, change);
    for (const [name, changed] of [
      ['0.jsonl', 'x.jsonl'],
      ['x.jsonl', '0.jsonl'],
    ] as const) {
      put({ [name]: one, [changed]: other, 'm.jsonl': two });
      const { code, out, err } = await stimpack('merge parts --format json');
      const document = JSON.parse(out);
      expect([code, document.triedCount, document.diagnostics.length]).toEqual([2, 2, 2]);
      const messages = document.diagnostics.map((each: { readonly message: string }) => each.message);
      expect(messages).toContainEqual(`${name} disagrees with ${changed} about design 0: ${sentence(what, document)}`);
      expect(err).toContain(again);
    }
  });

  const sentence = (
    what: string,
    { diagnostics }: { readonly diagnostics: readonly { readonly message: string }[] },
  ) =>
    what.startsWith('and')
      ? `its design hash is ${/is ([0-9a-f]{16}) here and 01/u.exec(diagnostics.map(({ message }) => message).join())?.[1]} here ${what}; it is not used`
      : `${what}; it is not used`;

  test('are not needed: a copy that agrees is used', async () => {
    put({ 'a.jsonl': one, 'b.jsonl': two, 'c.jsonl': one });
    expect((await stimpack('merge parts')).code).toBe(0);
  });

  test('name the shards if no part is left', async () => {
    put({ 'a.jsonl': one, 'b.jsonl': withRow(one, { verdict: 'violated' }) });
    const { code, err } = await stimpack('merge parts');
    expect([code, err]).toEqual([2, expect.stringContaining('Run again shards 1-2 of 2')]);
  });
});

test('parts with different seeds are not joined', async () => {
  const reseeded = edited(two, (_, rows) => {
    for (const row of rows) row.seed = 99;
  });
  put({ 'a.jsonl': one, 'b.jsonl': reseeded });
  const { code, err } = await stimpack('merge parts');
  expect([code, err]).toEqual([
    2,
    expect.stringContaining('a.jsonl and b.jsonl have the same hash, but the seeds 1 and 99'),
  ]);
});

const axisOf = (index: number, size: number): Fields => ({
  path: `N.x${index}`,
  values: Array.from({ length: size }, (_, at) => `${at}`),
  numbers: Array.from({ length: size }, (_, at) => at),
});

test.each([
  ['two axes of 60,000 values', [60_000, 60_000]],
  ['two axes of 10,000 values', [10_000, 10_000]],
  ['one axis of 70,000 values', [70_000]],
  ['17 axes', Array.from({ length: 17 }, () => 1)],
])('a part with %s is damaged', async (_, sizes) => {
  put({
    'a.jsonl': edited(one, (head, rows) => {
      head.axes = sizes.map((size, index) => axisOf(index, size));
      rows.length = 0;
    }),
    'b.jsonl': two,
  });
  const { code, err } = await stimpack('merge parts');
  expect(code).toBe(2);
  expect(err).toContain('a.jsonl has a plan that no exploration can have');
  expect(err).toContain(again);
});

test.each([
  [-5, 'p99LatencySeconds is -5, and no measure is negative'],
  ['1e999', 'p99LatencySeconds is not finite'],
])('a row with the latency %s is damaged', async (value, why) => {
  const text = withRow(one, { p99LatencySeconds: typeof value === 'number' ? value : 12345 });
  const end = text.lastIndexOf('{"end"');
  const lines = text.slice(0, end).replace('12345', String(value));
  put({ 'a.jsonl': `${lines}${JSON.stringify({ ...JSON.parse(text.slice(end)), digest: textDigest(lines) })}\n` });
  const { code, err } = await stimpack('merge parts');
  expect([code, err]).toEqual([2, expect.stringContaining(why)]);
});

test('all damaged parts are in the document, and the shards to run again are named', async () => {
  put({ 'a.jsonl': one.slice(0, -20), 'b.jsonl': two.replace('met', 'mat') });
  const json = await stimpack('merge parts --format json');
  expect(json.code).toBe(2);
  expect(JSON.parse(json.out).diagnostics.map((each: { readonly file: string }) => each.file)).toEqual([
    join('parts', 'a.jsonl'),
    join('parts', 'b.jsonl'),
  ]);
  const text = await stimpack('merge parts');
  expect([text.code, text.err]).toEqual([2, expect.stringContaining('Run again shards 1-2 of 2')]);
  put({ 'a.jsonl': '', 'b.jsonl': '' });
  expect((await stimpack('merge parts')).err).toContain('Run again: stimpack explore FILE --out DIR');
});

test('names of any length are cut', async () => {
  const long = edited(one, (head) => {
    for (const name of ['file', 'exploration', 'scenario', 'npu']) head[name] = 'n'.repeat(200_000);
  });
  put({ 'a.jsonl': long });
  const { out, err } = await stimpack('merge parts');
  expect(out).toContain('nnn…nnn');
  expect(out.length + err.length).toBeLessThan(6_000);
});

describe('an output that is an input', () => {
  const read = (name: string): string => readFileSync(join(program.directory, name), 'utf8');

  test.each([
    ['run in.npu --trace in.npu', 'in.npu', 'this command reads it; name another file'],
    ['run in.npu --trace ./soft.npu', 'in.npu', 'it is the same file as in.npu, which this command reads'],
    ['run in.npu --trace hard.npu', 'in.npu', 'it is the same file as in.npu, which this command reads'],
    ['run in.npu --trace base.npu', 'base.npu', 'this command reads it'],
    ['import k.csv -o k.csv', 'k.csv', 'this command reads it'],
    ['merge made --format parquet --out made/E-1-of-2.jsonl', 'made/E-1-of-2.jsonl', 'this command reads it'],
    ['explore linked.npu --out linked', 'linked.npu', 'it is the same file as linked.npu'],
  ])('%s is refused and changes nothing', async (line, file, reason) => {
    program.write({
      'base.npu': 'let unused = 1\n',
      'in.npu': `import "./base.npu"\n${tinyDesign}`,
      'k.csv':
        'Layer name,IFMAP Height,IFMAP Width,Filter Height,Filter Width,Channels,Num Filter,Strides,\nc,8,8,3,3,4,4,1,\n',
      'linked.npu': read('e.npu'),
    });
    for (const name of ['soft.npu', 'hard.npu', 'linked']) {
      rmSync(join(program.directory, name), { recursive: true, force: true });
    }
    symlinkSync('in.npu', join(program.directory, 'soft.npu'));
    linkSync(join(program.directory, 'in.npu'), join(program.directory, 'hard.npu'));
    mkdirSync(join(program.directory, 'linked'));
    symlinkSync('../linked.npu', join(program.directory, 'linked', 'E.jsonl'));
    const before = read(file);
    const { code, err } = await stimpack(line);
    expect(err).toContain(reason);
    expect(code).toBe(2);
    expect(read(file)).toBe(before);
  });
});

test('a line break in a stated input of a part does not start another line of a table', async () => {
  const forged = 'fine\n::error file=e.npu,line=1::forged';
  const state = (text: string): string =>
    edited(text, (head) => {
      head.statedInputs = [forged];
    });
  put({ 'a.jsonl': state(one), 'b.jsonl': state(two) });
  const { out } = await stimpack('merge parts --format csv');
  expect(out).toContain('::error');
  expect(out.split('\n').filter((line) => line.startsWith('::'))).toEqual([]);
  expect(out.trimEnd().split('\n')).toHaveLength(5);
});

test('a part with more shards than an exploration can have is damaged', async () => {
  const many = edited(two, (head) => {
    head.shard = { index: 2, count: 1e15 };
  });
  put({ 'a.jsonl': one, 'b.jsonl': many });
  const { code, err } = await stimpack('merge parts');
  expect(code).toBe(2);
  expect(err).not.toContain('1000000000000000');
});
