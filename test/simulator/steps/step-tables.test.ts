import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Mode, Model, Npu } from '../../../design/index.ts';
import { loadMeasuredChips } from '../../../scripts/silicon/chips.ts';
import { MeasuredStepCost, sequenceOperators, stepSeconds } from '../../../simulator/index.ts';
import { noWork } from '../../../simulator/sequences/index.ts';
import { RandomStream } from '../../../simulator/serving/index.ts';
import { plainTpu, stimpack } from '../hardware/fixtures.ts';
import { decoder } from './models.ts';

const range = { tokens: 2048, sequences: 256, context: 8192 };

/** The largest error of random steps from tables, compared with the tiler. */
function largestError(npu: Npu, model: Model, mode: Mode, count: number): number {
  const cost = new MeasuredStepCost(sequenceOperators(npu, model, mode, range), range.tokens, range.sequences);
  const random = new RandomStream(3, 0);
  const whole = (low: number, high: number) => low + Math.floor(random.uniform() * (high - low + 1));
  let largest = 0;
  for (let n = 0; n < count; n++) {
    const decodes = n % 4 === 0 ? 0 : whole(1, 200);
    const chunk = n % 4 === 1 ? 0 : whole(1, 1800);
    const cached = chunk === 0 ? 0 : whole(0, 4000);
    const mean = whole(200, 7800);
    const contexts = Array.from({ length: decodes }, () => mean + whole(-160, 160));
    const sum = contexts.reduce((all, one) => all + one, 0);
    const ours = cost.picoseconds({
      ...noWork(),
      tokens: chunk + decodes,
      sequences: decodes + (chunk > 0 ? 1 : 0),
      prefillTokens: chunk,
      prefillContext: chunk * cached,
      decodes,
      decodeContext: sum,
      longestContext: Math.max(0, ...contexts),
    });
    const direct = stepSeconds(npu, model, mode, range, { chunk, cached, contexts });
    largest = Math.max(largest, Math.abs(ours / 1e12 / direct - 1));
  }
  return largest;
}

describe('steps from tables are within 1 % of the tiler', async () => {
  const { tpuV6e } = await loadMeasuredChips(path.join(import.meta.dirname, '..', '..', '..'));
  const experts = { feedForward: 'width: 14336, experts: 8, active: 2' };
  it.each([
    ['fused attention', tpuV6e, decoder(), 'base'],
    ['a chip without fused attention', plainTpu, decoder(), 'base'],
    ['burst mode', { ...stimpack, quantizer: { source: 'stored', elementsPerCycle: 512 } }, decoder(), 'burst'],
    ['a mixture of experts', tpuV6e, decoder(experts), 'base'],
  ] as const)('%s', (_, npu, model, mode) => {
    expect(largestError(npu, model, mode, 60)).toBeLessThan(0.01);
  });
});
