import type { NodeReader } from '../node-reader.ts';
import type { Constant, SampleAxis, Value } from '../value.ts';
import { rowsOf } from './rows.ts';
import { isSameAxis, type Samples } from './sample-axis.ts';

/** An input of an operator, with a label for each of its axes. Axes with one label have one meaning, such as the K of a product. */
export interface Operand {
  readonly value: Value;
  readonly labels: readonly string[];
}

export function samplesOf(value: Value | undefined): SampleAxis | undefined {
  return value?.kind === 'activation' ? value.samples : undefined;
}

/** Labels that count the axes from the last one, as broadcasting aligns them. */
export function fromLast(rank: number): readonly string[] {
  return Array.from({ length: rank }, (_, axis) => `axis ${rank - axis}`);
}

/**
 * The place of the samples in a result with the axes `output`. Samples on two labels are combined with each other, and so are samples on a label that
 * the result does not have. A constant with other numbers for each sample treats the samples differently.
 */
export function joined(node: NodeReader, operands: readonly Operand[], output: readonly string[]): Samples {
  let label: string | undefined;
  let found: SampleAxis | undefined;
  for (const { value, labels } of operands) {
    const samples = samplesOf(value);
    if (samples === undefined) continue;
    const own = labels[samples.axis];
    if (found !== undefined && (own !== label || samples.outer !== found.outer)) return 'combined';
    if (labels.indexOf(own ?? '') !== labels.lastIndexOf(own ?? '')) return 'lost';
    [label, found] = [own, samples];
  }
  if (found === undefined || label === undefined) return undefined;
  const axis = output.indexOf(label);
  if (axis < 0) return 'combined';
  for (const { value, labels } of operands) {
    const at = labels.indexOf(label);
    if (value.kind !== 'constant' || at < 0 || value.dims[at] === 1) continue;
    const rows = rowsFor(node, value, at, found.outer);
    if (rows !== undefined) return rows;
  }
  return { axis, outer: found.outer };
}

function rowsFor(node: NodeReader, constant: Constant, axis: number, outer: number): 'combined' | 'lost' | undefined {
  const rows = rowsOf(node.importer.graph.bytes, constant, axis, outer, node.importer.samples?.count ?? 1);
  return rows === 'alike' ? undefined : rows === 'different' ? 'combined' : 'lost';
}

/** Operands that are aligned from their last axes, as in NumPy's broadcasting. */
export function aligned(node: NodeReader, places: readonly number[]): Samples {
  const operands = places.flatMap((place): Operand[] => {
    const value = node.input(place);
    return value === undefined ? [] : [{ value, labels: fromLast(value.dims.length) }];
  });
  return joined(node, operands, fromLast(Math.max(0, ...operands.map(({ labels }) => labels.length))));
}

/** Whether all inputs that depend on the samples have them at one place. */
export function agreed(node: NodeReader): Samples {
  let found: SampleAxis | undefined;
  for (const [at] of node.node.inputs.entries()) {
    const samples = samplesOf(node.input(at));
    if (samples === undefined) continue;
    if (found !== undefined && !isSameAxis(found, samples)) return 'lost';
    found = samples;
  }
  return found;
}
