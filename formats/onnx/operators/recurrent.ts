import type { Recurrent } from '../../../design/index.ts';
import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { type Activation, sameShape, withSpatial } from '../value.ts';
import { computedWeights, parameterTable } from './parameters.ts';

/** W is directions x (gates x hidden) x features (ONNX operators LSTM, GRU, RNN). */
const gates: Readonly<Record<Recurrent['cell'], number>> = { lstm: 4, gru: 3, rnn: 1 };

/**
 * LSTM, GRU and RNN. X is steps x sequences x features, or sequences x steps x features if `layout` is 1. Y is steps x directions x
 * sequences x hidden, or sequences x steps x directions x hidden. Several sequences of one request advance together.
 */
function recurrent(node: NodeReader, cell: Recurrent['cell'], featuresAxis = 2): Outcome {
  const value = node.activation(0);
  const weights = node.input(1);
  if (value === undefined || value.dims.length !== 3) return 'its input is not steps x batch x features';
  if (weights?.kind === 'activation') return computedWeights(weights);
  const batchFirst = node.int('layout', 0) === 1;
  const batchAxis = batchFirst ? 0 : 1;
  const sequences = value.dims[batchAxis] ?? 1;
  const steps = value.dims[batchFirst ? 1 : 0] ?? 1;
  const features = value.dims[2] ?? 1;
  const hidden = node.node.attributes.get('hidden_size')?.integer ?? Math.floor((weights?.dims[1] ?? 0) / gates[cell]);
  if (hidden < 1 || (weights !== undefined && weights.dims[featuresAxis] !== features)) {
    return `weights of ${weights?.dims.join(' x ')} do not fit ${features} features`;
  }
  const directions = node.text('direction') === 'bidirectional' ? 2 : 1;
  const rows = gates[cell] * hidden;
  const contradiction =
    wrongWeights(node, 1, featuresAxis === 2 ? [directions, rows, features] : [directions, features, rows], hidden) ??
    wrongWeights(node, 2, featuresAxis === 2 ? [directions, rows, hidden] : [directions, hidden, rows], hidden) ??
    (cell === 'lstm' ? wrongWeights(node, 7, [directions, 3 * hidden], hidden) : undefined);
  if (contradiction !== undefined) return contradiction;
  const width = hidden * directions;
  const one = sequences === 1;
  const plain = withSpatial(value, 0);
  // The layer reads steps first. If sequences are first, the order of elements is different, unless one of the two has size 1.
  const seen: Activation = one
    ? { ...plain, batchAxis }
    : { ...plain, batchAxis: -1, moved: plain.moved || (batchFirst && steps > 1) };
  const outputShape = one ? [steps, width] : [steps, sequences, width];
  const dims = batchFirst ? [sequences, steps, directions, hidden] : [steps, directions, sequences, hidden];
  const batchOf = (axis: number) => (one ? axis : -1);
  const made = node.layer(
    { kind: 'recurrent', cell, hidden, directions, bias: node.hasInput(3) },
    [node.importer.read(seen, one ? [steps, features] : [steps, sequences, features])],
    { dims, batchAxis: batchOf(batchFirst ? 0 : 2), spatial: 0 },
    outputShape,
  );
  if (cell === 'lstm') addPeepholes(node, made.source, outputShape);
  const whole: Activation = { ...made, moved: !one && (batchFirst ? steps > 1 : directions > 1) };
  const last = (output: number): Activation | undefined => {
    const tensor = node.node.outputs[output];
    if (tensor === undefined || tensor === '' || node.importer.usesOf(tensor) === 0) return undefined;
    const source = node.importer.add(
      `${node.name}_last`,
      { kind: 'reshape', copies: false },
      [{ index: whole.source, shape: outputShape }],
      outputShape.slice(1),
    );
    const state = batchFirst ? [sequences, directions, hidden] : [directions, sequences, hidden];
    const moved = !one && !batchFirst && directions > 1;
    return { kind: 'activation', dims: state, batchAxis: batchOf(batchFirst ? 0 : 1), spatial: 0, source, moved };
  };
  return [whole, last(1), cell === 'lstm' ? last(2) : undefined];
}

/** The reason why the weights at input `index` contradict the sizes of the cell. Undefined if they fit. */
function wrongWeights(
  node: NodeReader,
  index: number,
  expected: readonly number[],
  hidden: number,
): string | undefined {
  const value = node.input(index);
  if (value === undefined || sameShape(value.dims, expected)) return undefined;
  const name = ['W', 'R'][index - 1] ?? 'P';
  return `its weights ${name} are ${value.dims.join(' x ')}, but ${hidden} hidden units need ${expected.join(' x ')}: its hidden_size, its direction and its weights contradict each other. Export the model again`;
}

/** Peepholes of an LSTM: three gates also read the cell's own state, with one weight for each hidden unit. They are element-wise products. */
function addPeepholes(node: NodeReader, source: number, shape: readonly number[]): void {
  const weights = node.input(7);
  if (weights?.kind !== 'constant') return;
  const { importer, name } = node;
  const width = shape.at(-1) ?? 1;
  const table = parameterTable(node, weights, {
    kind: 'activation',
    dims: [3, ...shape.slice(0, -1).map(() => 1), width],
    batchAxis: -1,
    spatial: 0,
    source: -1,
    moved: false,
  });
  const gated = [3, ...shape];
  const states = { index: source, shape };
  const repeated = importer.add(`${name}_states`, { kind: 'reshape', copies: false }, [states], gated);
  importer.add(
    `${name}_peepholes`,
    { kind: 'elementwise', operation: 'multiply' },
    [{ index: repeated, shape: gated }, table],
    gated,
  );
}

export const recurrentReaders: Readonly<Record<string, OperatorReader>> = {
  LSTM: (node) => recurrent(node, 'lstm'),
  GRU: (node) => recurrent(node, 'gru'),
  RNN: (node) => recurrent(node, 'rnn'),
};

/** The weights of a cell that ONNX Runtime quantized are transposed: directions x features x (gates x hidden). */
export const microsoftRecurrentReaders: Readonly<Record<string, OperatorReader>> = {
  DynamicQuantizeLSTM: (node) => recurrent(node, 'lstm', 1),
};
