import { describe, expect, test } from 'vitest';
import { dimensions, findUnit, toSi, unitNames } from '../../language/units/index.ts';

/* The size of every unit in SI base units, written a second time by hand. */
const sizes: readonly (readonly [dimension: keyof typeof dimensions, size: number, names: string])[] = [
  ['time', 1e-12, 'ps'],
  ['time', 1e-9, 'ns'],
  ['time', 1e-6, 'us µs μs'],
  ['time', 1e-3, 'ms'],
  ['time', 1, 's sec second seconds'],
  ['time', 60, 'min minute minutes'],
  ['time', 3600, 'h hour hours'],
  ['frequency', 1, 'Hz'],
  ['frequency', 1e3, 'kHz'],
  ['frequency', 1e6, 'MHz'],
  ['frequency', 1e9, 'GHz'],
  ['bytes', 1, 'B byte bytes'],
  ['bytes', 1e3, 'kB KB'],
  ['bytes', 1e6, 'MB'],
  ['bytes', 1e9, 'GB'],
  ['bytes', 1e12, 'TB'],
  ['bytes', 1024, 'KiB'],
  ['bytes', 1_048_576, 'MiB'],
  ['bytes', 1_073_741_824, 'GiB'],
  ['bytes', 1_099_511_627_776, 'TiB'],
  ['rate', 1, 'rps qps'],
  ['rate', 1e3, 'krps kqps'],
  ['requests', 1, 'requests request'],
  ['ratio', 0.01, '%'],
  ['ratio', 1, 'x'],
  ['elements', 1, 'elements element'],
  ['operations', 1, 'operations operation ops op'],
  ['cycles', 1, 'cycles cycle clk'],
  ['energy', 1e-12, 'pJ'],
  ['energy', 1e-9, 'nJ'],
  ['energy', 1e-6, 'uJ µJ μJ'],
  ['energy', 1e-3, 'mJ'],
  ['energy', 1, 'J'],
  ['power', 1e-3, 'mW'],
  ['power', 1, 'W'],
  ['power', 1e3, 'kW'],
  ['area', 1e-12, 'um2 µm2 μm2'],
  ['area', 1e-6, 'mm2'],
  ['tokens', 1, 'tokens token'],
];
const units = sizes.flatMap(([dimension, size, names]) => names.split(' ').map((name) => ({ dimension, size, name })));

describe('units', () => {
  test.each(units)('1 $name is $size of the base unit of $dimension', ({ name, size, dimension }) => {
    const unit = findUnit(name);
    if (unit === undefined) throw new Error(`no unit '${name}'`);
    expect(toSi(1, unit)).toBe(size);
    expect(toSi(-2.5, unit)).toBeCloseTo(-2.5 * size, 12);
    expect(unit.dimension).toEqual(dimensions[dimension]);
  });

  test('every unit is in this table', () => {
    expect(units.map(({ name }) => name).sort()).toEqual([...unitNames].sort());
  });
});
