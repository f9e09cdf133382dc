import { describe, expect, it } from 'vitest';
import { mutate, stream } from '../../scripts/fuzz/mutate.ts';
import { samplesOf, type Target, targets } from '../../scripts/fuzz/targets.ts';

const decoded = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe.each(Object.entries(targets) as [string, Target][])('the fuzzer with %s', (_, target) => {
  const samples = samplesOf(target);

  it('has samples, and all of them pass', () => {
    expect(samples.length).toBeGreaterThan(0);
    for (const bytes of samples) target.check(bytes);
  });

  it('passes on the first mutations of seed 1', () => {
    for (let input = 0; input < 40; input++) target.check(mutate(samples, stream(1_000_003 + input)));
  });
});

describe('a mutation', () => {
  const samples = samplesOf(targets.npu);

  it('is the same for the same seed', () => {
    expect(mutate(samples, stream(7))).toEqual(mutate(samples, stream(7)));
    expect(decoded(mutate(samples, stream(7)))).not.toBe(decoded(mutate(samples, stream(8))));
  });

  it('has at most as many bytes as allowed', () => {
    for (let seed = 0; seed < 50; seed++) expect(mutate(samples, stream(seed), 100).length).toBeLessThanOrEqual(100);
  });
});
