import { expect, test } from 'vitest';
import type { Npu } from '../../../design/index.ts';
import { addedArea } from '../../../scripts/reproduce/ablation-cost.ts';
import { plainTpu, stimpack } from '../../simulator/hardware/fixtures.ts';

const table = { mac: { bf16: 100e-12, int8: 65e-12 }, other: 0 };
const base: Npu = { ...plainTpu, area: table };
const convertible: Npu = { ...stimpack, array: base.array, area: { ...table, quantizerElement: 30e-12 } };
const elements = base.array.count * base.array.rows * base.array.columns;

test('the added area is that of the wider elements and of the quantization unit', () => {
  // Two int8 units need more than one bf16 unit: 130 instead of 100.
  const unit = convertible.quantizer.elementsPerCycle * 30e-12;
  expect(addedArea(convertible, base)).toBeCloseTo(elements * 30e-12 + unit, 15);
  const fetching: Npu = { ...convertible, quantizer: { ...convertible.quantizer, source: 'off-chip' } };
  expect(addedArea(fetching, base)).toBeCloseTo(elements * 30e-12, 15);
});

test('the added area is not known if a part has a figure in only one chip, or a chip has none at all', () => {
  expect(addedArea(convertible, { ...base, area: { ...table, vmemPerByte: 1e-12 } })).toBeNull();
  expect(addedArea({ ...convertible, area: table }, base)).toBeNull();
  expect(addedArea({ ...convertible, area: undefined } as unknown as Npu, base)).toBeNull();
});
