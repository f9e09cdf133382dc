import { describe, expect, it } from 'vitest';
import { type AreaTable, areaGap, chipArea, chipAreaText, type Npu, staticWatts } from '../../design/index.ts';
import { stimpack } from '../simulator/hardware/fixtures.ts';

const micro = 1e-12;
const table: AreaTable = {
  mac: { bf16: 200 * micro, int8: 60 * micro },
  vectorOperation: 1000 * micro,
  vmemPerByte: 1e-12,
  cmemPerByte: 2e-12,
  quantizerElement: 500 * micro,
  host: 5e-6,
  phy: { area: 3e-6, bandwidthBytesPerSecond: 100e9 },
  other: 7e-6,
};
const chip: Npu = {
  ...stimpack,
  array: { ...stimpack.array, rows: 10, columns: 10, count: 2 },
  vectorUnit: { operationsPerCycle: 8 },
  vmem: { ...stimpack.vmem, capacityBytes: 1000 },
  cmem: { capacityBytes: 2000, bandwidthBytesPerSecond: 1e9 },
  hbm: { ...stimpack.hbm, bandwidthBytesPerSecond: 250e9 },
  quantizer: { source: 'on-chip', elementsPerCycle: 4 },
  area: table,
};
const parts = (npu: Npu): Readonly<Record<string, number | null>> =>
  Object.fromEntries((chipArea(npu)?.parts ?? []).map(({ name, squareMetres }) => [name, squareMetres]));

describe('the area of a chip', () => {
  it('is the sum of its parts: units, lanes, bytes, and an interface for each 100 GB/s', () => {
    expect(parts({ ...chip, burst: null })).toEqual({
      arrays: 200 * 200 * micro,
      'vector unit': 8000 * micro,
      VMEM: 1e-9,
      CMEM: 4e-9,
      'HBM interface': 9e-6,
      other: 7e-6,
    });
    const { squareMetres } = chipArea({ ...chip, burst: null }) ?? {};
    expect(squareMetres).toBeCloseTo(40e-9 + 8e-9 + 1e-9 + 4e-9 + 16e-6, 15);
  });

  it.each([
    ['none', 200],
    ['reduction', 200],
  ] as const)('with packing %s, an element has the larger area of its modes', (packing, unit) => {
    const burst = { ...chip.base, precision: 'int8', packing } as const;
    expect(parts({ ...chip, burst }).arrays).toBeCloseTo(200 * unit * micro, 18);
  });

  it('counts two units if the packed ones are larger than the base one', () => {
    const burst = { ...chip.base, precision: 'int8', packing: 'columns' } as const;
    const area = { ...table, mac: { bf16: 100 * micro, int8: 90 * micro } };
    expect(parts({ ...chip, burst, area }).arrays).toBeCloseTo(200 * 180 * micro, 18);
  });

  it('has a quantization unit, a host link and one buffer where the chip has them', () => {
    const burst = { ...chip.base, precision: 'int8', packing: 'none' } as const;
    expect(parts({ ...chip, burst })['quantization unit']).toBeCloseTo(2000 * micro, 18);
    expect(parts({ ...chip, host: { bandwidthBytesPerSecond: 1, latencySeconds: 0 } })['host link']).toBe(5e-6);
    expect(Object.keys(parts({ ...chip, burst: null, unified: true }))).not.toContain('CMEM');
    expect(Object.keys(parts({ ...chip, burst: null, offChip: 'none' }))).not.toContain('HBM interface');
  });

  it.each<readonly [Partial<AreaTable>, string]>([
    [{ vectorOperation: undefined } as unknown as Partial<AreaTable>, 'vector unit'],
    [{ mac: { int8: micro } }, 'arrays'],
    [{ mac: {}, phy: undefined } as unknown as Partial<AreaTable>, 'arrays and HBM interface'],
  ])('is not known without a figure for each part', (missing, gap) => {
    const npu: Npu = { ...chip, burst: null, area: { ...table, ...missing } };
    const area = chipArea(npu);
    expect(area?.squareMetres).toBeNull();
    expect(area === null ? '' : chipAreaText(area)).toMatch(/^at least /);
    expect(areaGap(npu)).toBe(gap);
  });

  it('is absent for a chip that states none', () => {
    const { area: _, ...without } = chip;
    expect(chipArea(without)).toBeNull();
  });
});

describe('static power', () => {
  const energy = {
    macJoules: {},
    vectorOperationJoules: 0,
    vmemJoulesPerByte: 0,
    cmemJoulesPerByte: 0,
    hbmJoulesPerByte: 0,
    quantizeJoulesPerElement: 0,
    staticWatts: 5,
  };

  it('grows with the area where the chip states it', () => {
    const area = { ...table, other: 84e-6 };
    const npu: Npu = { ...chip, burst: null, area, energy: { ...energy, staticWattsPerSquareMetre: 1e5 } };
    expect(staticWatts({ ...npu, energy })).toBe(5);
    expect(staticWatts(npu)).toBeCloseTo(5 + 1e5 * (chipArea(npu)?.squareMetres ?? 0), 9);
    expect(staticWatts(npu)).toBeGreaterThan(14);
  });

  it('is not known if a part without an area draws power', () => {
    const { area: _, ...without } = chip;
    expect(staticWatts({ ...without, energy: { ...energy, staticWattsPerSquareMetre: 1 } })).toBeNull();
    expect(staticWatts({ ...without, energy: null })).toBeNull();
  });
});
