import type { Npu } from '../../design/index.ts';
import { bytesPerElement, storedAs } from '../../design/index.ts';
import { type AttentionCore, fusedAttentionSeconds } from '../../simulator/index.ts';
import type { ComparedRow } from './compared-row.ts';
import type { MeasuredRow } from './csv-table.ts';
import { type ListedLayer, peakMacsPerSecond, rooflineSeconds, secondsOf } from './layer-list.ts';
import { isComplete, operatorTimes } from './operator-times.ts';

/** The products of one layer of Llama-3.1-8B: inputs and outputs. `q_proj` is q, k and v together. */
const products = [
  { name: 'q_proj', inputs: 4096, outputs: 6144 },
  { name: 'o_proj', inputs: 4096, outputs: 4096 },
  { name: 'gate_proj', inputs: 4096, outputs: 14336 },
  { name: 'up_proj', inputs: 4096, outputs: 14336 },
  { name: 'down_proj', inputs: 14336, outputs: 4096 },
] as const;

/** `up_proj` has a separate row for large numbers of tokens only. */
const needed = products.map(({ name }) => name).filter((name) => name !== 'up_proj');

/** Attention of Llama-3.1-8B. */
const heads = 32;
const keyValueHeads = 8;
const headSize = 128;

/**
 * The products of one layer, summed, for each number of tokens. The rows for fitting are the first, third, fifth, ... number of tokens in
 * ascending order. Numbers of tokens with a missing product are left out.
 */
export function blockRows(npu: Npu, measured: readonly MeasuredRow[]): readonly ComparedRow[] {
  const complete = [...operatorTimes(measured)]
    .filter(([tokens, times]) => isComplete(tokens, times, needed))
    .sort(([a], [b]) => a - b);
  return complete.map(([tokens, times], index) => {
    const layers = blockOf(tokens);
    const nanoseconds = products.reduce((sum, { name }) => sum + (times.get(name) ?? 0), 0);
    const macs = products.reduce((sum, { inputs, outputs }) => sum + tokens * inputs * outputs, 0);
    return {
      name: `${tokens} token${tokens === 1 ? '' : 's'}`,
      measuredSeconds: nanoseconds / 1e9,
      ourSeconds: secondsOf(npu, layers),
      rooflineSeconds: rooflineSeconds(npu, layers, macs),
      fitted: index % 2 === 0,
    };
  });
}

function blockOf(tokens: number): readonly ListedLayer[] {
  return products.map(({ name, inputs, outputs }) => ({
    name,
    operation: { kind: 'dense', outputs, bias: false },
    input: [tokens, inputs],
    output: [tokens, outputs],
  }));
}

const phases = ['decode', 'prefill'] as const;

/** Attention without its projections. The rows for fitting have an even number of 32 keys. */
export function attentionRows(
  npu: Npu,
  measured: readonly MeasuredRow[],
  phase: 'decode' | 'prefill',
): readonly ComparedRow[] {
  return measured
    .filter((row) => row.oneOf('phase', phases) === phase)
    .map((row) => {
      const sequences = row.size('batch');
      const cached = row.number('cached_tokens');
      const chunk = phase === 'decode' ? 1 : row.size('chunk_tokens');
      const core: AttentionCore = {
        sequences,
        queries: chunk,
        keys: cached + chunk,
        heads,
        keyValueHeads,
        headSize,
        causal: true,
      };
      return {
        name: phase === 'decode' ? `${sequences} x 1 token after ${cached}` : `${chunk} tokens after ${cached}`,
        measuredSeconds: row.positive('mean_nanoseconds') / 1e9,
        ourSeconds: fusedAttentionSeconds(npu, core),
        rooflineSeconds: attentionRoofline(npu, core),
        fitted: Math.floor((cached + row.number('chunk_tokens')) / 32) % 2 === 0,
      };
    });
}

/** The MACs that the mask leaves over the peak, or queries, keys, values and results over the bandwidth. */
function attentionRoofline(npu: Npu, core: AttentionCore): number {
  const { sequences, queries, keys } = core;
  const pairs = sequences * (queries * keys - (queries * (queries - 1)) / 2);
  const elements = 2 * sequences * headSize * (keys * keyValueHeads + queries * heads);
  const bytes = elements * bytesPerElement(storedAs(npu.base.precision));
  return Math.max((2 * pairs * heads * headSize) / peakMacsPerSecond(npu), bytes / npu.hbm.bandwidthBytesPerSecond);
}
