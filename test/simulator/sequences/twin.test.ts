import { describe, expect, it } from 'vitest';
import { bothBurstRuns, bothRuns } from './twin-cases.ts';

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

  it('to the bit in 150 random scenarios with a burst mode that writes KV blocks of another format', () => {
    let preemptions = 0;
    let burstSteps = 0;
    let mixedSamples = 0;
    for (let seed = 0; seed < 150; seed++) {
      const { ours, twin } = bothBurstRuns(seed);
      expect(ours, `seed ${seed}`).toEqual(twin);
      preemptions += twin.preemptions;
      burstSteps += twin.burstSteps;
      mixedSamples += twin.burstBlocks.filter((blocks, n) => blocks > 0 && blocks < (twin.usedBlocks[n] ?? 0)).length;
    }
    expect(preemptions).toBeGreaterThan(100);
    expect(burstSteps).toBeGreaterThan(1000);
    // Samples in which blocks of both formats are in use.
    expect(mixedSamples).toBeGreaterThan(300);
  });
});
