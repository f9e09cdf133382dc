import type { ActivationFunction } from '../../../design/index.ts';
import type { Read } from '../layers.ts';
import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { type Activation, type Constant, product, type Value, withSpatial } from '../value.ts';
import { approximate } from './selection.ts';

/*
 * Mixture of experts (ContribOperators.md of ONNX Runtime, MoE and QMoE). The router chooses `k` of E experts for each row. An expert
 * consists of fc1, a function, and fc2. With a gate there is a third product, which can be the second half of fc1.
 */

/** The inputs with the weights of fc1, fc2 and fc3. */
type Places = readonly [number, number, number];

/** The distribution of the rows over the experts. */
interface Spread {
  readonly experts: number;
  /** Experts with at least one row. */
  readonly used: number;
  /** The number of separate products. It divides the rows evenly and is at most `used`. */
  readonly groups: number;
  /** The rows of each group. */
  readonly rows: number;
}

function mixture(node: NodeReader, [first, second, third]: Places, packed: number): Outcome {
  const { importer } = node;
  const input = node.activation(0);
  const router = node.activation(1);
  if (input === undefined || router === undefined) return 'its input or its router is missing or constant';
  const hidden = input.dims.at(-1) ?? 1;
  const experts = router.dims.at(-1) ?? 1;
  const rows = product(input.dims) / hidden;
  const chosen = node.int('k', 1);
  if (chosen < 1 || chosen > experts) return `it chooses ${chosen} of ${experts} experts`;
  const widthOf = ({ dims }: Constant) => (dims[0] === experts ? (product(dims) * packed) / experts / hidden : 0);
  const [opening, closing, gate] = [first, second, third].map((place) => node.input(place));
  if (opening?.kind !== 'constant' || closing?.kind !== 'constant' || gate?.kind === 'activation') {
    return 'the weights of its experts are missing or computed from the input';
  }
  const wide = widthOf(opening);
  const inner = widthOf(closing);
  if (!Number.isInteger(wide) || !Number.isInteger(inner) || inner < 1 || wide % inner !== 0 || wide > 2 * inner) {
    return `weights of ${opening.dims.join(' x ')} and ${closing.dims.join(' x ')} do not fit ${experts} experts of ${hidden} features`;
  }
  if (gate !== undefined && widthOf(gate) !== inner)
    return `a gate of ${gate.dims.join(' x ')} does not fit ${inner} features`;
  approximate(
    node,
    { kind: 'any' },
    `which experts its rows choose depends on the data. The rows are spread evenly over as many of the ${experts} experts as they can use.`,
  );
  const spread = spreadOf(rows * chosen, experts);
  const { name } = node;
  const probabilities = importer.read(withSpatial(router, 0));
  const ranked = importer.add(`${name}_router`, { kind: 'softmax' }, [probabilities], probabilities.shape);
  const choice: Read = {
    index: importer.add(
      `${name}_choice`,
      { kind: 'reshape', copies: true },
      [{ index: ranked, shape: probabilities.shape }],
      [spread.used],
    ),
    shape: [spread.used],
  };
  const sent = layer(
    node,
    'rows',
    { kind: 'reshape', copies: true },
    [importer.read(withSpatial(input, 0))],
    [spread.groups, spread.rows, hidden],
  );
  const opened = byExperts(node, 'fc1', spread, choice, sent, wide, opening);
  const gated = gate === undefined ? undefined : byExperts(node, 'fc3', spread, choice, sent, inner, gate);
  const turned = applied(node, opened, gated, inner);
  const closed = byExperts(node, 'fc2', spread, choice, turned, hidden, closing);
  const weighed = layer(node, 'weigh', { kind: 'elementwise', operation: 'multiply' }, [closed], closed.shape);
  return [summed(node, input, weighed, rows, chosen)];
}

function spreadOf(work: number, experts: number): Spread {
  const used = Math.min(experts, work);
  let groups = used;
  while (work % groups !== 0) groups--;
  return { experts, used, groups, rows: work / groups };
}

function layer(
  node: NodeReader,
  what: string,
  operation: Parameters<NodeReader['layer']>[0],
  reads: readonly Read[],
  shape: readonly number[],
): Read {
  return { index: node.importer.add(`${node.name}_${what}`, operation, reads, shape), shape };
}

/** Multiplies the rows of each group by the weights of its expert. All experts are stored, and the used ones are read. */
function byExperts(
  node: NodeReader,
  what: string,
  { experts, used, groups, rows }: Spread,
  choice: Read,
  input: Read,
  outputs: number,
  weights: Constant,
): Read {
  const features = input.shape.at(-1) ?? 1;
  const width = features * outputs;
  const index = node.importer.add(
    `${node.name}_${what}_weights`,
    { kind: 'embedding', rows: experts, width, lookups: used, pooled: false },
    [choice],
    [used, width],
    undefined,
    weights,
  );
  const table = { index, shape: [used, width] };
  const matrices = layer(
    node,
    `${what}_experts`,
    { kind: 'reshape', copies: false },
    [table],
    [groups, features, outputs],
  );
  return layer(node, what, { kind: 'matmul', transposed: false }, [input, matrices], [groups, rows, outputs]);
}

/** The function between the products. A gate is multiplied with its result. If fc1 also makes the gate, its output contains both halves. */
function applied(node: NodeReader, opened: Read, gate: Read | undefined, inner: number): Read {
  const named = node.text('activation_type');
  const fn = functions.get(named === '' ? 'relu' : named) ?? 'other';
  const shape = opened.shape.with(-1, inner);
  const isFused = opened.shape.at(-1) !== inner;
  const half = (what: string) => layer(node, what, { kind: 'reshape', copies: false }, [opened], shape);
  const turned = layer(
    node,
    'function',
    { kind: 'activation', function: fn },
    [isFused ? half('fc1_half') : opened],
    shape,
  );
  const other = isFused ? half('gate_half') : gate;
  if (other === undefined) return turned;
  return layer(node, 'gated', { kind: 'elementwise', operation: 'multiply' }, [turned, other], shape);
}

const functions: ReadonlyMap<string, ActivationFunction> = new Map<string, ActivationFunction>([
  ['relu', 'relu'],
  ['gelu', 'gelu'],
  ['silu', 'silu'],
  ['swiglu', 'silu'],
]);

/** The sum of the results of all experts of each row. */
function summed(node: NodeReader, input: Activation, weighed: Read, rows: number, chosen: number): Activation {
  const hidden = input.dims.at(-1) ?? 1;
  const apart = layer(node, 'results', { kind: 'reshape', copies: chosen > 1 }, [weighed], [rows, chosen, hidden]);
  const { dims, batchAxis } = withSpatial(input, 0);
  return node.layer(
    {
      kind: 'pool',
      operation: 'average',
      kernel: { height: 1, width: chosen },
      stride: { height: 1, width: chosen },
      padding: { top: 0, bottom: 0, left: 0, right: 0 },
    },
    [apart],
    { dims, batchAxis, spatial: 0 },
    [rows, 1, hidden],
  );
}

function isMatrixPerExpert(value: Value | undefined): value is Constant {
  return value?.kind === 'constant' && value.dims.length === 3;
}

export const mixtureReaders: Readonly<Record<string, OperatorReader>> = {
  // An older version of MoE has the weights next to each other. Later, the biases were moved between them.
  MoE: (node) => mixture(node, isMatrixPerExpert(node.input(3)) ? [2, 3, 6] : [2, 4, 6], 1),
  QMoE: (node) => mixture(node, [2, 5, 8], 8 / node.int('expert_weight_bits', 4)),
};
