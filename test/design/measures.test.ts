import { describe, expect, it } from 'vitest';
import type { Measure, MeasureName, MeasureUnit } from '../../design/index.ts';
import { goalMeasure, goalText, measures, measureText } from '../../design/index.ts';

const all: readonly (readonly [string, Measure])[] = Object.entries(measures);

describe('measures', () => {
  it.each<readonly [MeasureName, number, string]>([
    ['p99Latency', 0.0152345, '15.2 ms'],
    ['throughput', 987.654, '987.7 rps'],
    ['throughput', 12345.6, '12,346 rps'],
    ['accuracy', 0.764712, '76.47 %'],
    ['burstShare', 0.12345, '12.3 %'],
    ['energy', 0.0031234, '3.12 mJ'],
    ['power', 55.04, '55 W'],
    ['area', 400.4e-6, '400 mm²'],
    ['chips', 4, '4'],
    ['meanBatch', 7.456, '7.46'],
    ['duration', 24, '24 s'],
    ['goodput', Number.NaN, '–'],
  ])('%s of %d is written %s', (name, value, expected) => {
    expect(measureText(name, value)).toBe(expected);
  });

  it.each(all)('the key of %s ends with its unit', (_, { key, unit }) => {
    const ends: Readonly<Record<MeasureUnit, RegExp>> = {
      seconds: /Seconds$/,
      rps: /Rps$/,
      'tokens per second': /TokensPerSecond$/,
      fraction: /Fraction$/,
      joules: /JoulesPerRequest$/,
      watts: /Watts$/,
      'square metres': /SquareMeters$/,
      number: /(?:Size|Count)$/,
    };
    expect(key).toMatch(ends[unit]);
  });

  it('has no key and no name twice', () => {
    expect(new Set(all.map(([, { key }]) => key)).size).toBe(all.length);
    expect(new Set(all.map(([, { name }]) => name)).size).toBe(all.length);
  });

  it('writes a goal of an exploration with the name of its measure', () => {
    expect(goalMeasure('latency')).toBe(measures.p99Latency);
    expect(goalMeasure('power').key).toBe('averagePowerWatts');
    expect(goalText('accuracy', 0.5)).toBe(measureText('accuracy', 0.5));
  });
});
