import { expect, it } from 'vitest';
import { bothBurstRuns, bothRuns } from './twin-cases.ts';

it('the loop equals a scheduler that walks every step, to the bit, in 1,000 random scenarios', () => {
  for (let seed = 1000; seed < 2000; seed++) {
    const { ours, twin } = bothRuns(seed);
    expect(ours, `seed ${seed}`).toEqual(twin);
  }
});

it('the same with blocks of two formats', () => {
  for (let seed = 1000; seed < 2000; seed++) {
    const { ours, twin } = bothBurstRuns(seed);
    expect(ours, `seed ${seed}`).toEqual(twin);
  }
});
