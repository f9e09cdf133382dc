import type { NodeReader } from '../node-reader.ts';
import { equationOf } from '../operators/einsum.ts';
import type { Value } from '../value.ts';
import { fromLast, joined, type Operand, samplesOf } from './operands.ts';
import { isAxis, isSameAxis, type Samples } from './sample-axis.ts';

/* Where the samples are in a product: an axis that both factors sum over combines them, and so does a table of all pairs. */

/** A product of matrices, with `turned` factors that the operator transposes. `added`: the input that is added to the product. */
export function productSamples(
  node: NodeReader,
  left: number,
  right: number,
  turned: readonly [boolean, boolean] = [false, false],
  added?: number,
): Samples {
  const values = [node.input(left), node.input(right)];
  const ranks = values.map((value) => value?.dims.length ?? 2);
  const rank = Math.max(2, ...ranks);
  const output = [...fromLast(rank).slice(0, -2), 'row', 'column'].filter(
    (label) => !(label === 'row' && ranks[0] === 1) && !(label === 'column' && ranks[1] === 1),
  );
  const labels = [
    matrixLabels(ranks[0] ?? 2, turned[0], ['row', 'inner']),
    matrixLabels(ranks[1] ?? 2, turned[1], ['inner', 'column']),
  ];
  const operands = values.flatMap((value, index): Operand[] =>
    value === undefined ? [] : [{ value, labels: labels[index] ?? [] }],
  );
  const sum = added === undefined ? undefined : node.input(added);
  if (sum !== undefined)
    operands.push({ value: sum, labels: sum.dims.length === 0 ? [] : output.slice(-sum.dims.length) });
  return joined(node, operands, output);
}

function matrixLabels(rank: number, isTurned: boolean, ends: readonly [string, string]): readonly string[] {
  if (rank === 1) return ['inner'];
  return [...fromLast(rank).slice(0, -2), ...(isTurned ? ends.toReversed() : ends)];
}

/** A product with packed weights, whose dimensions do not describe the product: the last axis of the value is summed over. */
export function packedSamples(node: NodeReader): Samples {
  const value = node.activation(0);
  const samples = samplesOf(value);
  return value !== undefined && samples !== undefined && samples.axis === value.dims.length - 1 ? 'combined' : samples;
}

export function einsumSamples(node: NodeReader): Samples {
  const equation = equationOf(node);
  if (typeof equation === 'string') return 'lost';
  const operands = equation.operands.map(({ value, letters }) => ({ value, labels: [...letters] }));
  return joined(node, operands, [...equation.output]);
}

/**
 * A convolution. Filters that depend on the samples are possible in one form: the samples are a factor of the channels, and each has its
 * own groups.
 */
export function convolutionSamples(node: NodeReader, filters: number, channels = 1): Samples {
  const samples = samplesOf(node.input(0));
  const weights = node.input(filters);
  const own = samplesOf(weights);
  const groups = node.int('group', 1);
  const count = node.importer.samples?.count ?? 1;
  if (samples !== undefined && samples.axis === channels) {
    const isGrouped = samples.outer === 1 && groups % count === 0;
    return isGrouped && (own === undefined || isSameAxis(own, { axis: 0, outer: 1 })) ? samples : 'combined';
  }
  if (own !== undefined) return 'combined';
  return samples === undefined || samples.axis === 0 ? samples : 'combined';
}

/** The place after a view of the first two axes by the sequence length, for cells that run over steps. */
export function recurrentSamples(node: NodeReader, outputs: readonly (Value | undefined)[]): readonly Samples[] {
  const isBatchFirst = node.int('layout', 0) === 1;
  const samples = samplesOf(node.input(0));
  const states = [5, 6].map((at) => samplesOf(node.input(at)));
  const axis = isBatchFirst ? 0 : 1;
  const used = [samples, ...states].filter(isAxis);
  const isApart = used.every((each) => each.axis === axis && each.outer === (used[0]?.outer ?? 1));
  if (!isApart) return ['combined'];
  const outer = used[0]?.outer ?? 1;
  return outputs.map((_, index) => ({ axis: index === 0 ? (isBatchFirst ? 0 : 2) : axis, outer }));
}
