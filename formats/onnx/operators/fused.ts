import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { type Activation, constant, product, type Value, withSpatial } from '../value.ts';
import { channelsLastConvolution, convolution } from './convolution.ts';
import { inItsLayout } from './layouts.ts';
import { samePlace } from './normalization.ts';
import { combine } from './pointwise.ts';
import { pooling } from './pooling.ts';
import { fusedActivation } from './quantized.ts';

/* Fused operators, as the optimizer of ONNX Runtime writes them (docs/ContribOperators.md, domain com.microsoft). */

/** FusedConv: a convolution, then the sum with input Z, then the function in attribute `activation`. */
export function fusedConvolution(node: NodeReader, outcome: Outcome): Outcome {
  const made = typeof outcome === 'string' ? undefined : outcome[0];
  const other = node.input(3);
  const sum = made !== undefined && other !== undefined ? combine(node, [made, other], 'add') : outcome;
  return fusedActivation(node, sum);
}

/** Looks up one row of a table for each index. */
function lookUp(node: NodeReader, table: Value | undefined, indices: Activation, what: string): Activation | undefined {
  if (table?.kind !== 'constant' || table.dims.length !== 2) return undefined;
  const [rows = 1, width = 1] = table.dims;
  const lookups = product(indices.dims);
  const source = node.importer.add(
    `${node.name}_${what}`,
    { kind: 'embedding', rows, width, lookups, pooled: false },
    [node.importer.read(withSpatial(indices, 0))],
    [lookups, width],
    undefined,
    table,
  );
  return {
    kind: 'activation',
    dims: [...indices.dims, width],
    batchAxis: indices.batchAxis,
    spatial: 0,
    source,
    moved: false,
  };
}

/**
 * EmbedLayerNormalization. Its inputs are words, segments, the tables of words, positions and segments, scale, shift, a mask and positions.
 * Its outputs are the normalized sum, the lengths in the mask, and the sum.
 */
function embedLayerNormalization(node: NodeReader): Outcome {
  const words = node.activation(0);
  if (words === undefined) return 'its words are missing or constant';
  const embedded = [
    lookUp(node, node.input(2), words, 'words'),
    lookUp(node, node.input(3), node.activation(8) ?? words, 'positions'),
    ...(node.hasInput(4) ? [lookUp(node, node.input(4), node.activation(1) ?? words, 'segments')] : []),
  ];
  const parts: Value[] = [];
  for (const part of embedded) {
    if (part === undefined) return 'one of its tables is not a constant matrix';
    parts.push(part);
  }
  const sum = combine(node, parts, 'add');
  const value = typeof sum === 'string' ? undefined : sum[0];
  if (value?.kind !== 'activation') return sum;
  const made = samePlace(node, { kind: 'normalization', normalization: 'layer', folded: false }, value);
  // The lengths mask attention. The length of a sequence does not change its products.
  return [made, constant([words.dims[0] ?? 1], undefined, true), value];
}

/** BiasSplitGelu and similar operators: one half of a tensor gates the other. */
function gatedHalves(node: NodeReader): Outcome {
  const value = node.activation(0);
  const width = value?.dims.at(-1) ?? 1;
  if (value === undefined || width % 2 !== 0) return 'its input is not a tensor of two halves';
  const seen = withSpatial(value, 0);
  const dims = [...seen.dims.slice(0, -1), width / 2];
  const half = (what: string): Activation => {
    const output = { ...seen, dims, moved: false };
    const shape = seen.dims.flatMap((size, axis) =>
      axis === seen.batchAxis ? [] : [axis === seen.dims.length - 1 ? width / 2 : size],
    );
    const source = node.importer.add(
      `${node.name}_${what}`,
      { kind: 'reshape', copies: false },
      [node.importer.read(seen)],
      shape,
    );
    return { ...output, source };
  };
  const gate = samePlace(node, { kind: 'activation', function: 'gelu' }, half('gate'));
  return combine(node, [half('data'), gate], 'multiply');
}

/** BiasAdd: x + bias + skip. */
function biasAdd(node: NodeReader): Outcome {
  const values = [0, 1, 2].flatMap((index) => node.input(index) ?? []);
  return combine(node, values, 'add');
}

/** GroupNorm. If attribute `activation` is 1, SiLU follows. SkipGroupNorm first adds its further inputs, and also returns the sum. */
function groupNormalization(node: NodeReader, added: readonly number[]): Outcome {
  const parts = [0, ...added].flatMap((index) => node.input(index) ?? []);
  const sum = parts.length > 1 ? combine(node, parts, 'add') : parts;
  const value = typeof sum === 'string' ? undefined : sum[0];
  if (value?.kind !== 'activation') return typeof sum === 'string' ? sum : 'its input is missing or constant';
  const made = samePlace(node, { kind: 'normalization', normalization: 'group', folded: false }, value);
  const isActive = node.int('activation', 0) === 1;
  return [isActive ? samePlace(node, { kind: 'activation', function: 'silu' }, made) : made, value];
}

export const fusedReaders: Readonly<Record<string, OperatorReader>> = {
  BiasAdd: biasAdd,
  BiasSplitGelu: gatedHalves,
  EmbedLayerNormalization: embedLayerNormalization,
  FusedConv: (node) =>
    fusedConvolution(
      node,
      inItsLayout(node, (seen) => convolution(seen, seen.input(1), seen.input(2))),
    ),
  GroupNorm: (node) => groupNormalization(node, []),
  NhwcConv: channelsLastConvolution,
  NhwcFusedConv: (node) => fusedConvolution(node, channelsLastConvolution(node)),
  NhwcMaxPool: (node) => inItsLayout(node, (seen) => pooling(seen, 'max')),
  QEmbedLayerNormalization: embedLayerNormalization,
  SkipGroupNorm: (node) => groupNormalization(node, [3, 4]),
};
