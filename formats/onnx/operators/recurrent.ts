import type { Recurrent } from '../../../design/index.ts';
import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { type Activation, withSpatial } from '../value.ts';

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
  if (weights?.kind === 'activation') return 'its weights are computed from the input, which is not supported';
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

export const recurrentReaders: Readonly<Record<string, OperatorReader>> = {
  LSTM: (node) => recurrent(node, 'lstm'),
  GRU: (node) => recurrent(node, 'gru'),
  RNN: (node) => recurrent(node, 'rnn'),
};

/** The weights of a cell that ONNX Runtime quantized are transposed: directions x features x (gates x hidden). */
export const microsoftRecurrentReaders: Readonly<Record<string, OperatorReader>> = {
  DynamicQuantizeLSTM: (node) => recurrent(node, 'lstm', 1),
};
