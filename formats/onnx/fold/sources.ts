import { dimsProblem } from '../dims.ts';
import { contentsProblem } from '../external-data.ts';
import type { NodeReader } from '../node-reader.ts';
import { type Constant, constant, product } from '../value.ts';
import { bounded, constantOf, type Folded, maxFoldedElements, maxFoldedFractions } from './contents.ts';

/* Constants that do not depend on another constant's elements: stated in the node, filled, or counted. */

/** The tensor or the numbers that the node states. */
export function foldConstant(node: NodeReader): Folded {
  const attributes = node.node.attributes;
  const tensor = (attributes.get('value') ?? attributes.get('sparse_value'))?.tensor;
  if (tensor !== undefined) {
    const problem = dimsProblem(tensor.dims) ?? contentsProblem(tensor);
    return problem === undefined ? [constantOf(node.importer.graph.bytes, tensor)] : `its tensor ${problem}`;
  }
  const integers = attributes.get('value_ints')?.integers;
  if (integers !== undefined) return [constant([integers.length], integers, true)];
  const floats = attributes.get('value_floats')?.floats;
  if (floats !== undefined) return [constant([floats.length], floats)];
  const integer = attributes.get('value_int')?.integer;
  if (integer !== undefined) return [constant([], [integer], true)];
  return [constant([], [attributes.get('value_float')?.float ?? 0])];
}

/** ConstantOfShape: the same number in every place. */
export function foldFilled(node: NodeReader, [shape]: readonly (Constant | undefined)[]): Folded {
  const dims = shape?.values;
  if (dims === undefined) return 'its shape is not known';
  const problem = dimsProblem(dims);
  if (problem !== undefined) return `its output ${problem}`;
  const attribute = node.node.attributes.get('value')?.tensor;
  const fill = attribute === undefined ? undefined : constantOf(node.importer.graph.bytes, attribute);
  const integer = fill?.integer ?? false;
  const elements = product(dims);
  const number = attribute === undefined ? 0 : fill?.values?.[0];
  const values =
    number !== undefined && elements <= (integer ? maxFoldedElements : maxFoldedFractions)
      ? new Array<number>(elements).fill(number)
      : undefined;
  return [constant(dims, values, integer)];
}

/** Range: start, start + step, and so on, before the limit. */
export function foldRange(_: NodeReader, inputs: readonly (Constant | undefined)[]): Folded {
  const [start, limit, step] = [0, 1, 2].map((index) => inputs[index]?.values?.[0]);
  if (start === undefined || limit === undefined || step === undefined) return 'its bounds are not known';
  const count = Math.max(0, Math.ceil((limit - start) / step));
  const problem = dimsProblem([count]);
  if (problem !== undefined) return `it ${problem}`;
  const values =
    count <= maxFoldedElements ? Array.from({ length: count }, (_value, index) => start + index * step) : undefined;
  return [constant([count], values, inputs[0]?.integer ?? true)];
}

/** The result of Shape: the dimensions from attribute `start` to `end` (operator set 15). */
export function shapeConstant(node: NodeReader, dims: readonly number[]): Constant {
  const end = node.node.attributes.get('end')?.integer;
  const part = dims.slice(node.int('start', 0), end ?? dims.length);
  return constant([part.length], part, true);
}

/** HannWindow and its relatives: a table with as many fractions as the input states. */
export function foldWindow(_: NodeReader, [size]: readonly (Constant | undefined)[]): Folded {
  const count = size?.values?.[0];
  return count === undefined ? undefined : bounded([count], undefined, false);
}

/** MelWeightMatrix: frequencies of a transform x bands. */
export function foldMelWeights(_: NodeReader, inputs: readonly (Constant | undefined)[]): Folded {
  const [bands, length] = [0, 1].map((index) => inputs[index]?.values?.[0]);
  if (bands === undefined || length === undefined) return undefined;
  return bounded([Math.floor(length / 2) + 1, bands], undefined, false);
}

/** RandomNormal and RandomUniform: the attribute `shape`. */
export function foldRandom(node: NodeReader): Folded {
  return bounded(node.ints('shape') ?? [], undefined, false);
}
