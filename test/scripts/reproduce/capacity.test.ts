import { describe, expect, it } from 'vitest';
import { findCapacity, resolution } from '../../../scripts/reproduce/capacity.ts';
import type { Probe } from '../../../scripts/reproduce/probe.ts';

function probeOf(rps: number, within: boolean, sure: Probe['sure']): Probe {
  const rest = {
    meanSeconds: 0,
    worst: 0,
    accuracy: null,
    servedAccuracy: null,
    burstShare: 0,
    joulesPerRequest: null,
  };
  return { rps, within, sure, ...rest };
}

/** A chip that holds up to `limit`, surely so up to 90 % of it, and surely no more from 110 % on. */
const chip = (limit: number) => (rps: number) =>
  probeOf(rps, rps <= limit, rps <= 0.9 * limit ? 'met' : rps >= 1.1 * limit ? 'violated' : null);

describe('the largest load', () => {
  for (const limit of [510, 777, 999]) {
    it(`is found to the stated resolution: ${limit}`, () => {
      const found = findCapacity(chip(limit), 500, 1000);
      const at = found.at?.rps ?? 0;
      expect(at).toBeLessThanOrEqual(limit);
      expect(limit / at - 1).toBeLessThan(resolution);
      expect(found.surelyMet).toBeLessThanOrEqual(0.9 * limit);
      expect(found.surelyViolated).toBeGreaterThanOrEqual(Math.min(1000, 1.1 * limit));
    });
  }

  it('is looked for below a first guess that fails', () => {
    const at = findCapacity(chip(70), 500, 1000).at?.rps ?? 0;
    expect(Math.abs(at / 70 - 1)).toBeLessThan(resolution);
  });

  it('may have to hold more than the objectives', () => {
    const found = findCapacity(chip(900), 500, 1000, (probe) => probe.within && probe.rps < 600);
    expect(Math.abs((found.at?.rps ?? 0) / 600 - 1)).toBeLessThan(resolution);
  });

  it('is none where nothing holds', () => {
    expect(findCapacity(chip(0), 500, 1000)).toMatchObject({ at: null, surelyMet: 0 });
  });
});
