import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadMeasuredChips } from '../../scripts/silicon/chips.ts';
import { decoderOperators, decoderStepSeconds, MeasuredStepCost } from '../../simulator/index.ts';
import { noWork } from '../../simulator/sequences/index.ts';
import { RandomStream } from '../../simulator/serving/index.ts';

/** Llama-3.1-8B with 8 of its 32 layers: the error of a whole step does not depend on the number of equal layers. */
const decoder = {
  layers: 8,
  hidden: 4096,
  heads: 32,
  keyValueHeads: 8,
  headSize: 128,
  feedForward: 14336,
  vocabulary: 128256,
};

describe('a step of a decoder on TPU v6e', async () => {
  const { tpuV6e } = await loadMeasuredChips(path.join(import.meta.dirname, '..', '..'));

  it('from tables is within 1 % of the tiler, in 100 random steps', () => {
    const operators = decoderOperators(tpuV6e, decoder, { tokens: 2048, sequences: 256, context: 8192 });
    const cost = new MeasuredStepCost(operators, 2048, 256);
    const random = new RandomStream(3, 0);
    const whole = (low: number, high: number) => low + Math.floor(random.uniform() * (high - low + 1));
    for (let n = 0; n < 100; n++) {
      const decodes = n % 4 === 0 ? 0 : whole(1, 200);
      const chunk = n % 4 === 1 ? 0 : whole(1, 1800);
      const cached = chunk === 0 ? 0 : whole(0, 4000);
      const context = decodes === 0 ? 0 : whole(17, 8000);
      const ours = cost.picoseconds({
        ...noWork(),
        tokens: chunk + decodes,
        sequences: decodes + (chunk > 0 ? 1 : 0),
        prefillTokens: chunk,
        prefillContext: chunk * cached,
        decodes,
        decodeContext: decodes * context,
        longestContext: context,
      });
      const direct = decoderStepSeconds(tpuV6e, decoder, { chunk, cached, decodes, context });
      expect(Math.abs(ours / 1e12 / direct - 1), JSON.stringify({ chunk, cached, decodes, context })).toBeLessThan(
        0.01,
      );
    }
  });

  it('takes at least as long as reading its weights and its KV cache once', () => {
    const weights = decoder.layers * (4096 * 6144 + 4096 * 4096 + 3 * 4096 * 14336) + 4096 * 128256;
    for (const [decodes, context] of [
      [1, 100],
      [16, 2000],
      [64, 8000],
    ] as const) {
      const kv = decodes * context * decoder.layers * 2 * 8 * 128;
      const step = decoderStepSeconds(tpuV6e, decoder, { chunk: 0, cached: 0, decodes, context });
      // On-chip memory can keep a part of the weights of a small model.
      const bytes = 2 * (weights + kv) - tpuV6e.vmem.capacityBytes;
      expect(step).toBeGreaterThan(bytes / tpuV6e.hbm.bandwidthBytesPerSecond);
    }
  });
});
