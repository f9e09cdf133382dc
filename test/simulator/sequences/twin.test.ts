import { describe, expect, it } from 'vitest';
import { bothRuns } from './twin-cases.ts';

describe('the loop equals a scheduler that walks every step', () => {
  it('to the bit in 150 random scenarios with preemption, chunks and shared prefixes', () => {
    let preemptions = 0;
    let cachedTokens = 0;
    for (let seed = 0; seed < 150; seed++) {
      const { ours, twin } = bothRuns(seed);
      expect(ours, `seed ${seed}`).toEqual(twin);
      preemptions += twin.preemptions;
      cachedTokens += twin.cachedTokens;
    }
    // The sample is worth something only if it has both.
    expect(preemptions).toBeGreaterThan(100);
    expect(cachedTokens).toBeGreaterThan(1000);
  });
});
