import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Caveat, emptyDetails, type Plan, type ResultRow, type RowDetails } from '../../design/index.ts';
import { journalHead, journalLine, readJournal } from '../../formats/index.ts';

const plan: Plan = {
  file: 'sizing.npu',
  exploration: 'Sizing',
  scenario: 'Rush',
  npu: 'Chip',
  hash: '0123456789abcdef',
  axes: [{ path: 'Chip.HBM.bandwidth', values: ['1 GB/s', '2 GB/s', '4 GB/s'], numbers: [1e9, 2e9, 4e9] }],
  goals: [{ sense: 'maximize', measure: 'capacity' }],
  further: ['latency'],
  asWritten: null,
};
const owner = { plan, shard: null, toolVersion: '0.1.0' };
const caveat: Caveat = {
  code: 'onnx-approximated',
  text: 'A guess.',
  effect: { kind: 'any' },
  origin: { uri: '', start: 0, end: 0 },
};
const details: RowDetails = {
  further: [0.25],
  lows: [1200, 0.2],
  highs: [null, 0.3],
  seed: 7,
  designHash: 'fedcba9876543210',
  caveats: ['onnx-approximated', 'trace-cut'],
};
const rows: readonly ResultRow[] = [
  { design: 2, verdict: 'met', measures: [1234.5], problem: null, details },
  { design: 0, verdict: 'unbuilt', measures: [null], problem: 'no "chip"\n', details: emptyDetails(plan) },
  { design: 1, verdict: 'violated', measures: [0.1 + 0.2], problem: null, details },
];
const lines = rows.map((row) => journalLine(plan, { row, caveats: [caveat], statedInputs: ['Stated.'] }));
const text = journalHead(owner) + lines.join('');

describe('the journal of a run in progress', () => {
  test('is read as it was written', () => {
    const read = readJournal(text, owner);
    expect(read.rows).toEqual(rows);
    expect(read.caveats[0]).toEqual(caveat);
    expect(read.statedInputs[0]).toBe('Stated.');
  });

  test('cut off anywhere, it keeps each row whose line is complete', () => {
    const ends = lines.map((_, at) => journalHead(owner).length + lines.slice(0, at + 1).join('').length);
    fc.assert(
      fc.property(fc.nat(text.length), (length) => {
        const kept = ends.filter((end) => end <= length).length;
        expect(readJournal(text.slice(0, length), owner).rows).toEqual(rows.slice(0, kept));
      }),
    );
  });

  test.each([
    ['another plan', text, { ...owner, plan: { ...plan, hash: 'ffff' } }],
    ['another version', text, { ...owner, toolVersion: '0.2.0' }],
    ['another shard', text, { ...owner, shard: { index: 1, count: 2 } }],
    ['a first line that is not ours', `{}\n${lines.join('')}`, owner],
    ['nothing', '', owner],
  ])('of %s gives no rows', (_, written, reader) => {
    expect(readJournal(written, reader).rows).toEqual([]);
  });

  test('ends at a row that does not fit the plan', () => {
    const changed = text.replace('"4 GB/s"', '"5 GB/s"');
    expect(readJournal(changed, owner).rows).toEqual([]);
    expect(readJournal(text.replace('"1 GB/s"', '"5 GB/s"'), owner).rows).toEqual(rows.slice(0, 1));
  });
});
