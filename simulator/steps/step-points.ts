import { type Mode, type Model, modes, type Npu, type StepPoint, type StoredFormat } from '../../design/index.ts';
import { kvBytesPerToken } from './memory.ts';
import { type StepRange, stepPricer } from './step-pricer.ts';

/** A typical decoding step: whole sequences, and the tokens of each in the KV cache. */
export interface TypicalStep {
  readonly sequences: number;
  readonly context: number;
}

/**
 * Two steps of a language model in each mode, for a roofline: one full of prompt tokens, of prompts without cached tokens, and one that only
 * decodes. Bytes are those of off-chip memory. A chunk reads the keys and values of its tokens from on-chip memory (our assumption).
 */
export function stepPoints(
  npu: Npu,
  model: Model,
  range: StepRange,
  keyValues: StoredFormat,
  { sequences, context }: TypicalStep,
): readonly StepPoint[] {
  const tokenBytes = kvBytesPerToken(model, keyValues);
  return modes
    .filter((mode) => mode === 'base' || npu.burst !== null)
    .flatMap((mode: Mode): StepPoint[] => {
      const pricer = stepPricer(npu, model, mode, range, keyValues);
      const { attentionCount } = pricer.model;
      const { tokens } = range;
      const prefill = pricer.traffic(tokens, 1);
      const decode = pricer.traffic(sequences, sequences);
      const pairs = (queries: number, keys: number) => {
        let macs = 0;
        for (const { operation, count } of pricer.model.attention) {
          // Scores and context.
          macs += 2 * count * operation.heads * operation.headSize * queries * Math.min(keys, operation.window ?? keys);
        }
        return macs;
      };
      return [
        {
          mode,
          kind: 'prefill',
          tokens,
          sequences: 1,
          // Each token attends to the earlier ones.
          macs: prefill.macs + pairs(tokens, (tokens + 1) / 2),
          offChipBytes: prefill.offChipBytes + tokens * tokenBytes,
          seconds: pricer.body(tokens) + pricer.head(1) + attentionCount * pricer.prefill(tokens, 0),
        },
        {
          mode,
          kind: 'decode',
          tokens: sequences,
          sequences,
          macs: decode.macs + pairs(sequences, context),
          offChipBytes: decode.offChipBytes + sequences * (context + 1) * tokenBytes,
          seconds: pricer.body(sequences) + pricer.head(sequences) + attentionCount * pricer.decode(sequences, context),
        },
      ];
    });
}
