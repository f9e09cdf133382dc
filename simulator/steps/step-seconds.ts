import type { Mode, Model, Npu, StoredFormat } from '../../design/index.ts';
import { type StepRange, stepPricer } from './step-pricer.ts';

/** The work of a step with one chunk of a prompt and decoding sequences. */
export interface SimpleStep {
  /** New tokens of the prompt. 0: no chunk. */
  readonly chunk: number;
  /** Tokens of the prompt that are in the cache before the chunk. */
  readonly cached: number;
  /** For each decoding sequence: its tokens in the cache, with the new one. */
  readonly contexts: readonly number[];
}

/**
 * Seconds of a step, priced without tables. Attention of each sequence takes its share of a call with as many sequences of the same context.
 *
 * @param keyValues the format of the KV cache. Default: that of the mode.
 */
export function stepSeconds(
  npu: Npu,
  model: Model,
  mode: Mode,
  range: StepRange,
  { chunk, cached, contexts }: SimpleStep,
  keyValues?: StoredFormat,
): number {
  const pricer = stepPricer(npu, model, mode, range, keyValues);
  const decodes = contexts.length;
  let decode = 0;
  for (const context of contexts) decode += pricer.decode(decodes, context) / decodes;
  return (
    pricer.body(chunk + decodes) +
    pricer.head(decodes + (chunk > 0 ? 1 : 0)) +
    pricer.model.attentionCount * (pricer.prefill(chunk, cached) + decode)
  );
}
