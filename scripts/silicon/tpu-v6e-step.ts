import { bytesPerElement, type Model, type Npu, storedAs } from '../../design/index.ts';
import { kvBytesPerToken, stepSeconds, weightBytes } from '../../simulator/index.ts';
import type { ComparedRow } from './compared-row.ts';
import type { MeasuredRow } from './csv-table.ts';
import { peakMacsPerSecond } from './layer-list.ts';
import { isComplete, operatorTimes } from './operator-times.ts';

/** Measured once in a step. The other operators are measured in each layer. */
const once = new Set(['embedding', 'final_layernorm', 'lm_head']);

/** Needed for a sum. */
const needed = ['q_proj', 'o_proj', 'gate_proj', 'down_proj', 'lm_head'];

/** The largest step and context of the table, for the place of the weights. */
const range = { tokens: 2048, sequences: 128, context: 2048 };

/**
 * Whole decode steps of a model: the sum of the measured operators of all layers and of measured attention, beside our price of the step. Steps
 * whose products were not measured for their number of sequences are left out.
 */
export function stepRows(
  npu: Npu,
  model: Model,
  operators: readonly MeasuredRow[],
  attention: readonly MeasuredRow[],
): readonly ComparedRow[] {
  const layers = model.layers.filter(({ operation }) => operation.kind === 'attention').length;
  const format = storedAs(npu.base.precision);
  const weights = weightBytes(npu, model, 'base') - tableBytes(model, bytesPerElement(format));
  const byTokens = operatorTimes(operators);
  return attention
    .filter((row) => row.text('phase') === 'decode')
    .flatMap((row) => {
      const sequences = row.size('batch');
      const context = row.number('cached_tokens') + 1;
      const own = byTokens.get(sequences);
      if (own === undefined || !isComplete(sequences, own, needed)) return [];
      let nanoseconds = layers * row.positive('mean_nanoseconds');
      for (const [name, time] of own) nanoseconds += (once.has(name) ? 1 : layers) * time;
      const contexts = new Array<number>(sequences).fill(context);
      const bytes = weights + sequences * context * kvBytesPerToken(model, format);
      // Each weight of 2 bytes is multiplied once for each sequence.
      const macs = (sequences * weights) / 2;
      return [
        {
          name: `step of ${sequences} x 1 token after ${context - 1}`,
          measuredSeconds: nanoseconds / 1e9,
          ourSeconds: stepSeconds(npu, model, 'base', range, { chunk: 0, cached: 0, contexts }),
          rooflineSeconds: Math.max(bytes / npu.hbm.bandwidthBytesPerSecond, macs / peakMacsPerSecond(npu)),
          fitted: false,
        },
      ];
    });
}

/** Bytes of look-up tables, of which a step reads a few rows. */
function tableBytes({ layers }: Model, bytes: number): number {
  let elements = 0;
  for (const { operation } of layers) if (operation.kind === 'embedding') elements += operation.rows * operation.width;
  return elements * bytes;
}
