import { describe, expect, it } from 'vitest';
import { findCapacity, loadAt, Runs, resolution, stepFrom } from '../../../scripts/reproduce/capacity.ts';
import type { Probe } from '../../../scripts/reproduce/probe.ts';

function probeOf(rps: number, within: boolean): Probe {
  const rest = {
    meanSeconds: 0,
    worst: 0,
    accuracy: null,
    servedAccuracy: null,
    burstShare: 0,
    joulesPerRequest: null,
  };
  return { rps, within, ...rest };
}

/** A chip that meets its objectives up to `limit`. */
const chip = (limit: number) => new Runs((rps) => probeOf(rps, rps <= limit), 1000);

describe('the grid', () => {
  it('has the same loads for all schemes, each one resolution above the one before', () => {
    expect(loadAt(stepFrom(700))).toBeGreaterThanOrEqual(700);
    expect(loadAt(stepFrom(700) - 1)).toBeLessThan(700);
    expect(loadAt(301) / loadAt(300)).toBeCloseTo(1 + resolution, 12);
    expect(stepFrom(loadAt(300))).toBe(300);
  });
});

describe('the largest load', () => {
  for (const limit of [70, 510, 777, 990]) {
    it(`does not depend on the start of the search: ${limit}`, () => {
      const steps = [1, 60, 500, 800, 5000].map((guess) => findCapacity(chip(limit), guess).step);
      expect(new Set(steps).size).toBe(1);
      expect(loadAt(steps[0] ?? 0)).toBeLessThanOrEqual(limit);
      expect(loadAt((steps[0] ?? 0) + 1)).toBeGreaterThan(limit);
    });
  }

  it('needs two runs if the guess is right', () => {
    const runs = chip(777);
    findCapacity(runs, loadAt(stepFrom(777) - 1));
    expect(runs.count).toBe(2);
  });

  it('can require more than the objectives', () => {
    const at = findCapacity(chip(900), 850, (probe) => probe.within && probe.rps < 600).at?.rps ?? 0;
    expect(at).toBeLessThan(600);
    expect(at * (1 + resolution)).toBeGreaterThanOrEqual(600);
  });

  it('is null if no load meets the objectives', () => {
    expect(findCapacity(chip(0), 500)).toEqual({ at: null, step: null });
  });
});
