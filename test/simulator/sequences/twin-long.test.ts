import { expect, it } from 'vitest';
import { series } from '../../series.ts';
import { bothBurstRuns, bothRuns } from './twin-cases.ts';

const scenarios = series(300, 1000);

it('the loop equals a scheduler that walks every step, to the bit, in many random scenarios', () => {
  for (let seed = 1000; seed < 1000 + scenarios; seed++) {
    const { ours, twin } = bothRuns(seed);
    expect(ours, `seed ${seed}`).toEqual(twin);
  }
});

it('the same with blocks of two formats', () => {
  for (let seed = 1000; seed < 1000 + scenarios; seed++) {
    const { ours, twin } = bothBurstRuns(seed);
    expect(ours, `seed ${seed}`).toEqual(twin);
  }
});
