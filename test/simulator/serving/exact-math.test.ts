import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exactExp, exactLog, exactPow, exactSinTurns } from '../../../simulator/serving/exact-math.ts';

function near(own: number, other: number, relative: number): void {
  expect(Math.abs(own - other)).toBeLessThanOrEqual(relative * Math.max(Math.abs(other), 1e-300));
}

describe('the exactly rounded functions agree with Math', () => {
  test('log', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => near(exactLog(x), Math.log(x), 1e-15)),
      {
        numRuns: 2000,
      },
    );
    for (const x of [1, Math.SQRT2, 2, 0.5, Number.MIN_VALUE * 2 ** 60]) near(exactLog(x), Math.log(x), 4e-16);
    expect([exactLog(0), exactLog(Number.POSITIVE_INFINITY), exactLog(-1)]).toEqual([-Infinity, Infinity, Number.NaN]);
  });

  test('exp', () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => near(exactExp(x), Math.exp(x), 1e-13)),
    );
    expect([exactExp(0), exactExp(-1000), exactExp(1000)]).toEqual([1, 0, Infinity]);
  });

  test('sine, in turns', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1000, noNaN: true }), (turns) => {
        expect(Math.abs(exactSinTurns(turns) - Math.sin(2 * Math.PI * (turns % 1)))).toBeLessThan(1e-14);
      }),
    );
  });

  test('power', () => near(exactPow(2, 0.5), Math.SQRT2, 1e-15));
});
