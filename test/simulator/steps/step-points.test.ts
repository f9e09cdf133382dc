import { describe, expect, it } from 'vitest';
import { stepPoints } from '../../../simulator/steps/index.ts';
import { stimpack } from '../hardware/fixtures.ts';
import { decoder } from './models.ts';

const range = { tokens: 512, sequences: 64, context: 4096 };
const bf16 = { format: 'bf16' } as const;
const body = 8 * (4096 * (4096 + 2 * 1024) + 4096 * 4096 + 3 * 4096 * 14_336);
const head = 4096 * 128_256;
/** Keys and values of a token: 8 layers with 8 heads of 128, in 2 bytes. */
const tokenBytes = 8 * 2 * 8 * 128 * 2;

describe('the steps on a roofline', () => {
  const chip = { ...stimpack, quantizer: { source: 'stored', elementsPerCycle: 512 } } as const;
  const points = stepPoints(chip, decoder(), range, bf16, { sequences: 4, context: 1000 });
  const of = (mode: string, kind: string) => {
    const found = points.find((point) => point.mode === mode && point.kind === kind);
    if (found === undefined) throw new Error(`no ${kind} in ${mode}`);
    return found;
  };

  it('have the multiplications of their tokens, and of each pair that attends', () => {
    expect(of('base', 'decode').macs).toBe(4 * (body + head + 2 * 8 * 32 * 128 * 1000));
    // Token t attends to t tokens: 512 x 513 / 2 pairs.
    expect(of('base', 'prefill').macs).toBe(512 * body + head + 2 * 8 * 32 * 128 * ((512 * 513) / 2));
  });

  it('read the weights once, and the keys and values of each sequence', () => {
    const cache = 4 * 1001 * tokenBytes;
    const weights = 2 * (body + head);
    const { offChipBytes } = of('base', 'decode');
    // Some weights stay on the chip.
    expect(offChipBytes - cache).toBeGreaterThan(0.85 * weights);
    expect(offChipBytes - cache).toBeLessThan(1.02 * weights);
    expect(of('burst', 'decode').offChipBytes - cache).toBeLessThan(0.55 * weights);
  });

  it('are far apart: prefill computes, decoding reads', () => {
    const intensity = (kind: string) => of('base', kind).macs / of('base', kind).offChipBytes;
    expect(intensity('prefill') / intensity('decode')).toBeGreaterThan(20);
    expect(of('base', 'decode').seconds).toBeGreaterThan((2 * body * 0.85) / chip.hbm.bandwidthBytesPerSecond);
  });
});
