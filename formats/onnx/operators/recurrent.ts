import type { Recurrent } from '../../../design/index.ts';
import type { NodeReader, OperatorReader, Outcome } from '../importer.ts';
import { type Activation, withSpatial } from '../value.ts';

/** LSTM, GRU and RNN: X is steps x batch x features (batch x steps x features where `layout` is 1). */
function recurrent(node: NodeReader, cell: Recurrent['cell']): Outcome {
  const value = node.activation(0);
  const weights = node.input(1);
  if (value === undefined || value.dims.length !== 3) return 'its input is not steps x batch x features';
  const batchFirst = node.int('layout', 0) === 1;
  const batchAxis = batchFirst ? 0 : 1;
  if (value.dims[batchAxis] !== 1)
    return `it works on ${value.dims[batchAxis]} sequences of one request, which is not supported`;
  const steps = value.dims[batchFirst ? 1 : 0] ?? 1;
  const features = value.dims[2] ?? 1;
  const gates = cell === 'lstm' ? 4 : node.node.operator === 'RNN' ? 1 : 3;
  const hidden = node.node.attributes.get('hidden_size')?.integer ?? Math.floor((weights?.dims[1] ?? 0) / gates);
  if (hidden < 1 || (weights !== undefined && weights.dims[2] !== features)) {
    return `weights of ${weights?.dims.join(' x ')} do not fit ${features} features`;
  }
  const directions = node.text('direction') === 'bidirectional' ? 2 : 1;
  if (node.node.operator === 'RNN')
    node.warn('onnx-approximated', 'a plain recurrent cell is counted as a GRU, which has three times its products');
  const seen: Activation = { ...withSpatial(value, 0), batchAxis };
  const width = hidden * directions;
  const whole = node.layer(
    { kind: 'recurrent', cell, hidden, directions, bias: node.hasInput(3) },
    [node.importer.read(seen, [steps, features])],
    {
      dims: batchFirst ? [1, steps, directions, hidden] : [steps, directions, 1, hidden],
      batchAxis: batchFirst ? 0 : 2,
      spatial: 0,
    },
    [steps, width],
  );
  const last = (output: number): Activation | undefined => {
    const tensor = node.node.outputs[output];
    if (tensor === undefined || tensor === '' || node.importer.usesOf(tensor) === 0) return undefined;
    const source = node.importer.add(
      `${node.name}_last`,
      { kind: 'reshape', copies: false },
      [{ index: whole.source, shape: [steps, width] }],
      [width],
    );
    const dims = batchFirst ? [1, directions, hidden] : [directions, 1, hidden];
    return { kind: 'activation', dims, batchAxis: batchFirst ? 0 : 1, spatial: 0, source, moved: false };
  };
  return [whole, last(1), cell === 'lstm' ? last(2) : undefined];
}

export const recurrentReaders: Readonly<Record<string, OperatorReader>> = {
  LSTM: (node) => recurrent(node, 'lstm'),
  GRU: (node) => recurrent(node, 'gru'),
  RNN: (node) => recurrent(node, 'gru'),
};
