import type { NodeReader } from '../node-reader.ts';
import { type Constant, constant, product } from '../value.ts';
import { converted, foldCast, foldElementwise, foldReduced, foldUnary, foldWhere } from './arithmetic.ts';
import { foldConcat, foldGather, foldNonZero, foldRepeated } from './arrangement.ts';
import { type Folded, maxFoldedElements } from './contents.ts';
import {
  foldConstant,
  foldFilled,
  foldMelWeights,
  foldRandom,
  foldRange,
  foldWindow,
  shapeConstant,
} from './sources.ts';

export { constantOf, picked } from './contents.ts';
export { shapeConstant } from './sources.ts';

type Fold = (node: NodeReader, inputs: readonly (Constant | undefined)[]) => Folded;

/** Returns the first input. Quantized and converted weights are weights of the same size. */
const same: Fold = (_, [first]) => first && [first];

/** A Map, because a file may name an operator "constructor". */
const folds: ReadonlyMap<string, Fold> = new Map<string, Fold>([
  ['Constant', foldConstant],
  ['ConstantOfShape', foldFilled],
  ['Range', foldRange],
  ['Identity', same],
  ['Dropout', same],
  ['QuantizeLinear', same],
  ['DequantizeLinear', (_, [first]) => first && [constant(first.dims)]],
  ['Cast', foldCast],
  ['CastLike', (_, [first, like]) => first && [converted(first, like?.integer ?? first.integer, like?.isDouble)]],
  ['Shape', (node, [first]) => first && [shapeConstant(node, first.dims)]],
  ['Size', (_, [first]) => first && [constant([], [product(first.dims)], true)]],
  ['Where', foldWhere],
  ['Gather', foldGather],
  ['Concat', foldConcat],
  ['Expand', foldRepeated],
  ['Tile', foldRepeated],
  ['NonZero', foldNonZero],
  ['HannWindow', foldWindow],
  ['HammingWindow', foldWindow],
  ['BlackmanWindow', foldWindow],
  ['MelWeightMatrix', foldMelWeights],
  ['RandomNormal', foldRandom],
  ['RandomUniform', foldRandom],
]);

/**
 * Evaluates an operator with only constant inputs. For shape arithmetic the numbers are computed, and for weights only the size. Returns a
 * string if the evaluation fails: the reason. Undefined for an operator that is not in the table. Elements that are read and made are
 * charged to a budget of the graph. After it is used up, sizes are still computed, but numbers are not.
 */
export function foldNode(node: NodeReader): Folded {
  const { operator } = node.node;
  const canCompute = node.importer.spend(0);
  // An optional input may be omitted before other inputs. Positions matter, so the list can have holes.
  let read = 1;
  const inputs = node.node.inputs.map((_, index) => {
    const input = node.input(index);
    if (input?.kind !== 'constant') return undefined;
    read += input.values?.length ?? 0;
    return canCompute || operator === 'Identity' ? input : { ...input, values: undefined };
  });
  const fold = folds.get(operator);
  const folded =
    fold === undefined
      ? (foldUnary(operator, inputs) ?? foldElementwise(operator, inputs) ?? foldReduced(node, inputs))
      : fold(node, inputs);
  const made = Array.isArray(folded) ? folded.reduce((sum, { values }) => sum + (values?.length ?? 0), 0) : 0;
  if (operator !== 'Constant') node.importer.spend(Math.min(read, maxFoldedElements * inputs.length + 1) + made);
  return folded;
}
