import { elementsOf } from '../../../design/index.ts';
import { onnxMessages } from '../../messages/index.ts';
import type { GraphBody } from '../graph.ts';
import type { NodeReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { productsOf } from '../products.ts';
import { bodyOf, readBody } from './bodies.ts';

/**
 * If (ONNX operator If). A constant condition selects the branch. Otherwise it is the branch that the user states, or the one with more
 * products, with a caveat. The outputs of the branch are the outputs of the node.
 */
export function readIf(node: NodeReader): Outcome {
  const condition = node.input(0);
  const thenBody = bodyOf(node, 'then_branch');
  const elseBody = bodyOf(node, 'else_branch');
  if (condition === undefined || thenBody === undefined || elseBody === undefined) {
    return 'its condition or one of its branches is missing';
  }
  const known = node.numbersOf(condition)?.[0];
  if (known !== undefined) return readBody(node, known !== 0 ? thenBody : elseBody, []);
  const stated = node.importer.assumptionFor('If')?.countedAs;
  if (stated === undefined) return readCostlier(node, thenBody, elseBody);
  if (stated !== 'then' && stated !== 'else') return `'assume' can count it as 'then' or 'else', not as '${stated}'`;
  return readBody(node, stated === 'then' ? thenBody : elseBody, []);
}

/** The work of a branch: its multiply-accumulates, then the elements that its layers make. */
interface Weight {
  readonly products: number;
  readonly elements: number;
}

/** Reads both branches from the same state and keeps the one that costs more. */
function readCostlier(node: NodeReader, thenBody: GraphBody, elseBody: GraphBody): Outcome {
  const { importer } = node;
  const tooMany = 'too many branches depend on values that are computed from the input';
  const mark = importer.layerCount;
  const before = importer.save();
  if (before === undefined) return tooMany;
  const thenOutcome = readBody(node, thenBody, []);
  const thenWeight = weigh(node, mark);
  const after = importer.save();
  if (after === undefined) return tooMany;
  importer.restore(before);
  const elseOutcome = readBody(node, elseBody, []);
  const elseWeight = weigh(node, mark);
  if (typeof thenOutcome === 'string') return unreadable('then', thenOutcome);
  if (typeof elseOutcome === 'string') return unreadable('else', elseOutcome);
  const takesThen = isCostlier(thenWeight, elseWeight);
  if (takesThen) importer.restore(after);
  const [chosen, other] = takesThen ? ['then', 'else'] : ['else', 'then'];
  const [more, less] = takesThen ? [thenWeight, elseWeight] : [elseWeight, thenWeight];
  const { products } = more;
  importer.caveat(
    onnxMessages.assumedBranch({ name: node.name, chosen, other, products, otherProducts: less.products }),
    { kind: 'any' },
  );
  return takesThen ? thenOutcome : elseOutcome;
}

/** If one branch cannot be read, the costlier branch is not known. This is an error until the user chooses. */
function unreadable(name: 'then' | 'else', reason: string): string {
  const other = name === 'then' ? 'else' : 'then';
  return `its ${name} branch cannot be read (${reason}); to count the other one, write 'assume { If: ${other} }' beside 'from'`;
}

function weigh(node: NodeReader, mark: number): Weight {
  let products = 0;
  let elements = 0;
  for (const layer of node.importer.layersFrom(mark)) {
    products += productsOf(layer);
    elements += elementsOf(layer.outputShape);
  }
  return { products, elements };
}

function isCostlier(left: Weight, right: Weight): boolean {
  return left.products > right.products || (left.products === right.products && left.elements >= right.elements);
}
