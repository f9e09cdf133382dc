import { type AssumedOperator, assertNever } from '../../design/index.ts';
import type { NodeReader } from './node-reader.ts';
import { combine } from './operators/index.ts';
import type { Outcome } from './outcome.ts';
import { type Activation, product, sameShape, type Value } from './value.ts';

/**
 * Counts an operator as the user states in the `assume` block (`assume { Foo: elementwise }`). Each output has the shape that the file
 * states. If the file states none, the first output has the shape of the first input.
 */
export function assumedOperator(
  node: NodeReader,
  inputs: readonly (Value | undefined)[],
  countedAs: AssumedOperator,
): Outcome {
  if (countedAs !== 'elementwise' && countedAs !== 'copy' && countedAs !== 'free') {
    return `'assume' can count it as 'elementwise', 'copy' or 'free', not as '${countedAs}'`;
  }
  const activations = inputs.filter((input): input is Activation => input?.kind === 'activation');
  const [first] = activations;
  if (first === undefined) return 'it has no input that depends on the input of the network';
  const { importer } = node;
  return node.node.outputs.flatMap((tensor, at): (Value | undefined)[] => {
    const dims = importer.statedDims(tensor, first) ?? (at === 0 ? first.dims : undefined);
    if (dims === undefined || (at > 0 && importer.usesOf(tensor) === 0)) return [undefined];
    return [output(node, activations, first, dims, countedAs)];
  });
}

function output(
  node: NodeReader,
  activations: readonly Activation[],
  first: Activation,
  dims: readonly number[],
  countedAs: 'elementwise' | 'copy' | 'free',
): Value | undefined {
  const isSame = sameShape(dims, first.dims);
  const view = {
    dims,
    batchAxis: first.batchAxis >= 0 && dims[first.batchAxis] === 1 ? first.batchAxis : -1,
    spatial: isSame ? first.spatial : 0,
  };
  const moved = (copies: boolean) => node.layer({ kind: 'reshape', copies }, [node.importer.read(first)], view);
  switch (countedAs) {
    case 'free':
      return isSame || product(dims) === product(first.dims) ? { ...first, ...view } : moved(false);
    case 'copy':
      return moved(true);
    case 'elementwise': {
      if (!isSame) {
        const made = moved(true);
        return node.layer({ kind: 'activation', function: 'other' }, [node.importer.read(made)], view);
      }
      const made = combine(
        node,
        activations.filter((each) => sameShape(each.dims, dims)),
        'other',
      );
      return typeof made === 'string' ? undefined : made[0];
    }
    default:
      return assertNever(countedAs);
  }
}
