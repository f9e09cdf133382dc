import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { chipShare, elementGates, unitGatesPerColumn } from '../../../scripts/rtl/chip-share.ts';
import { rtlPage } from '../../../scripts/rtl/page.ts';
import type { RtlRecord } from '../../../scripts/rtl/record.ts';
import { sourceHash } from '../../../scripts/rtl/synthesis.ts';
import { problemsOf } from '../../../scripts/rtl/verify.ts';

const read = (name: string): string =>
  readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8').replaceAll('\r\n', '\n');
const record = JSON.parse(read('rtl.json')) as RtlRecord;

test('docs/rtl.json was measured on the hardware description in rtl/', () => {
  expect(sourceHash(), 'run npm run rtl -- --write').toBe(record.synthesis.sources);
});

test('docs/rtl.md is written from docs/rtl.json', () => {
  expect(read('rtl.md'), 'run npm run rtl -- --page').toBe(rtlPage(record));
});

test('the recorded core computes and counts as the software model and the simulator', () => {
  expect(problemsOf(record.verification)).toEqual([]);
  expect(record.verification.cores.map(({ products }) => products > 500)).not.toContain(false);
});

test('the convertible element is between a bf16 element and both elements, and the chip pays a small share', () => {
  const [convertible, bf16, dualInt8] = ['convertible', 'bf16', 'dual-int8'].map((name) => elementGates(record, name));
  expect(convertible).toBeGreaterThan(bf16 ?? Number.NaN);
  expect(convertible).toBeLessThan((bf16 ?? 0) + (dualInt8 ?? 0));
  expect(chipShare(record).share).toBeLessThan(0.05);
});

test("the library's convertible chip has the areas of the record, as multiples of a bf16 element", () => {
  const text = readFileSync(new URL('../../../library/stimpack/stimpack.npu', import.meta.url), 'utf8');
  const figure = (pattern: RegExp): number => Number(pattern.exec(text)?.[1]);
  const bf16SquareMicrometres = 100;
  const perGate = bf16SquareMicrometres / elementGates(record, 'bf16');
  // An element in burst mode counts as two int8 units.
  expect(figure(/int8: (\d+) um2/)).toBe(Math.round((elementGates(record, 'convertible') * perGate) / 2));
  expect(figure(/quantizer: (\d+) um2/)).toBe(Math.round(unitGatesPerColumn(record) * perGate));
});
