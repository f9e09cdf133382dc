import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { journalHead, journalLine, readResults } from '../../../formats/index.ts';
import { realProgram, tinyDesign } from '../real-program.ts';
import type { Ran } from '../small-program.ts';

/* Results files of explorations: written by shards, merged, continued and damaged. The program runs with its real engine, in this thread. */

const program = realProgram();
const { directory } = program;
const stimpack = (line: string): Promise<Ran> => program.stimpack(...line.split(' '));

function fail(): never {
  throw new Error('a row is missing');
}

const explored = (values: string): string =>
  `${tinyDesign}
explore Sizing {
  scenario: Calm
  vary Tiny.HBM.bandwidth in ${values}
  vary Tiny.CMEM.capacity in [64 MiB, 128 MiB]
  minimize latency
  maximize throughput
}
`;

program.write({
  'explored.npu': explored('[1 GB/s, 300 GB/s, 610 GB/s]'),
  'other.npu': explored('[1 GB/s, 300 GB/s, 615 GB/s]'),
  'quiet.npu': tinyDesign,
});

test('merged shards give the result of one run', async () => {
  for (const shard of ['1/3', '2/3', '3/3']) {
    const { code, out } = await stimpack(`explore explored.npu --shard ${shard} --out parts --format json`);
    expect([code, JSON.parse(out).designs.length]).toEqual([0, 2]);
  }
  const merged = await stimpack('merge parts --format json');
  expect(merged.code).toBe(0);
  const whole = await stimpack('explore explored.npu --format json');
  expect({ ...JSON.parse(merged.out), command: 'explore' }).toEqual(JSON.parse(whole.out));
  expect((await stimpack('merge parts')).out).toBe((await stimpack('explore explored.npu')).out);
  expect((await stimpack('merge parts --format csv')).out).toBe(
    (await stimpack('explore explored.npu --format csv')).out,
  );
});

const part = (index: number): string => join(directory, 'parts', `Sizing-${index}-of-3.jsonl`);

test('a part that was cut off is reported with the command that writes it again, and the others are used', async () => {
  const whole = readFileSync(part(2), 'utf8');
  writeFileSync(part(2), whole.slice(0, whole.length - 40));
  writeFileSync(join(directory, 'parts', 'notes.json'), '{"by": "another program"}');
  mkdirSync(join(directory, 'parts', 'folder.jsonl'));
  const { code, out, err } = await stimpack('merge parts --format json');
  expect(code).toBe(2);
  expect(JSON.parse(out)).toMatchObject({
    triedCount: 4,
    diagnostics: [{ code: 'damaged-part', message: expect.stringContaining('Sizing-2-of-3.jsonl is cut off') }],
  });
  expect(err).toContain('ignored, because they are not results files: notes.json');
  expect(err).toContain('Run again: stimpack explore explored.npu --name Sizing --shard 2/3 --out parts');
});

test('a missing part is reported with the command that writes it, with exit code 1', async () => {
  rmSync(part(2));
  const { code, out, err } = await stimpack('merge parts --format json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ designCount: 6, triedCount: 4 });
  expect(err).toContain(
    '2 of 6 designs are missing. Run again: stimpack explore explored.npu --name Sizing --shard 2/3',
  );
});

test('a run that was killed continues with the designs that are missing, and writes the same bytes', async () => {
  await stimpack('explore explored.npu --out whole');
  const whole = readFileSync(join(directory, 'whole/Sizing.jsonl'), 'utf8');
  const read = readResults(whole);
  if (read.kind !== 'part') throw new Error('a results file that cannot be read');
  const { plan, shard, toolVersion, rows, caveats, statedInputs } = read.part;
  const line = (row: (typeof rows)[number]) => journalLine(plan, { row, caveats, statedInputs });
  const owner = { plan, shard, toolVersion };
  const journals = [
    journalHead(owner) + rows.slice(4, 6).map(line).join(''),
    // The process was killed while it wrote a line.
    journalHead(owner) + line(rows[1] ?? fail()) + line(rows[0] ?? fail()).slice(0, 20),
  ];
  mkdirSync(join(directory, 'killed'));
  for (const [at, text] of journals.entries()) writeFileSync(join(directory, `killed/Sizing.${at}.rows`), text);
  const again = await stimpack('explore explored.npu --out killed');
  expect(again.err).toContain('3 of 6 designs are in killed already');
  expect(again.out).toBe((await stimpack('explore explored.npu')).out);
  expect(readdirSync(join(directory, 'killed'))).toEqual(['Sizing.jsonl']);
  expect(readFileSync(join(directory, 'killed/Sizing.jsonl'), 'utf8')).toBe(whole);
  const third = await stimpack('explore explored.npu --out killed');
  expect([third.out, third.err]).toEqual([again.out, expect.stringContaining('6 of 6 designs are in killed already')]);
});

test('rows of an edited design or of another shard run again', async () => {
  await stimpack('explore other.npu --out edited');
  expect((await stimpack('explore explored.npu --out edited')).err).not.toContain('already');
  await stimpack('explore explored.npu --shard 1/3 --out edited');
  expect((await stimpack('explore explored.npu --shard 1/2 --out edited')).err).not.toContain('already');
});

test('merge lists several missing shards in the form that array jobs accept', async () => {
  for (const shard of [1, 5]) await stimpack(`explore explored.npu --shard ${shard}/6 --out some`);
  expect((await stimpack('merge some')).err).toContain('(array jobs: --array=2-4,6)');
});

test('parts of different designs are not joined', async () => {
  await stimpack('explore other.npu --shard 2/3 --out parts');
  const { code, err } = await stimpack('merge parts');
  expect(code).toBe(2);
  expect(err).toContain('different designs');
});

test.each([
  ['explore quiet.npu', "the file has no 'explore' block"],
  ['explore explored.npu --name Sizin', "did you mean 'Sizing'"],
  ['explore explored.npu --shard 4/3', "'--shard' must be I/N"],
  ['merge nowhere', 'cannot read nowhere'],
  ['merge .', '. contains no results file'],
])('%s is bad input', async (line, message) => {
  const { code, err } = await stimpack(line);
  expect(code).toBe(2);
  expect(err).toContain(message);
});
