import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { type Activation, withSpatial } from '../value.ts';
import { part } from './attention-parts.ts';
import { attend, type Heads } from './attention-products.ts';
import { combine } from './pointwise.ts';
import { approximate } from './selection.ts';

/**
 * LongformerAttention (ContribOperators.md of ONNX Runtime). Its inputs are the tokens, the weights and bias of queries, keys and values, a mask,
 * the weights and bias for global tokens, and flags of the global tokens. Every token attends to `window` tokens on each side, to itself, and to the
 * global tokens. Every global token attends to all. The data decides which tokens are global, so one is counted.
 */
function longformerAttention(node: NodeReader): Outcome {
  const input = node.activation(0);
  const heads = node.int('num_heads', 0);
  const window = node.int('window', 0);
  if (input === undefined || input.dims.length !== 3) return 'its input is not batch x tokens x features';
  const [batch = 1, steps = 1, width = 1] = input.dims;
  const wrong = [1, 4].find((place) => {
    const weights = node.input(place);
    return weights?.kind !== 'constant' || weights.dims[0] !== width || weights.dims[1] !== 3 * width;
  });
  if (wrong !== undefined) return `its weights are not constant matrices of ${width} x ${3 * width}`;
  if (heads < 1 || width % heads !== 0 || window < 1)
    return `it states ${heads} heads and a window of ${window} tokens`;
  approximate(
    node,
    { kind: 'any' },
    'how many of its tokens attend to all others depends on the data. One is counted.',
  );
  const local = project(node, input, 1, 2, 'projection');
  const global = project(node, input, 4, 5, 'global_projection');
  const reached = Math.min(steps, 2 * window + 1) + 1;
  const near = (value: Activation, what: string) => gathered(node, value, [batch, reached, width], `near_${what}`);
  const sizes = {
    batch,
    heads,
    keyValueHeads: heads,
    headSize: width / heads,
    valueSize: width / heads,
  };
  const nearby: Heads = {
    ...sizes,
    query: local.query,
    key: near(local.key, 'keys'),
    value: near(local.value, 'values'),
    steps,
    keySteps: reached,
  };
  const all: Heads = {
    ...sizes,
    query: gathered(node, global.query, [batch, 1, width], 'global_token'),
    key: global.key,
    value: global.value,
    steps: 1,
    keySteps: steps,
  };
  const contexts = [attend(node, nearby, undefined), attend(node, all, undefined)];
  const values: Activation[] = [];
  for (const [at, context] of contexts.entries()) {
    if (typeof context === 'string') return context;
    values.push({ ...context.context, dims: [batch, at === 0 ? steps : 1, width], batchAxis: batch === 1 ? 0 : -1 });
  }
  return combine(node, values, 'other');
}

function project(node: NodeReader, input: Activation, weights: number, bias: number, what: string) {
  const { importer } = node;
  const [batch = 1, steps = 1, width = 1] = input.dims;
  const rows = batch === 1 ? [steps] : [batch, steps];
  const matrix = node.input(weights);
  const source = importer.add(
    `${node.name}_${what}`,
    { kind: 'dense', outputs: 3 * width, bias: node.hasInput(bias) },
    [importer.read(withSpatial(input, 0), [...rows, width])],
    [...rows, 3 * width],
    undefined,
    matrix?.kind === 'constant' ? matrix : undefined,
  );
  const whole: Activation = {
    kind: 'activation',
    dims: [batch, steps, 3 * width],
    batchAxis: batch === 1 ? 0 : -1,
    spatial: 0,
    source,
    moved: false,
  };
  const cut = (name: string) => part(node, whole, [batch, steps, width], `${what}_${name}`);
  return { query: cut('queries'), key: cut('keys'), value: cut('values') };
}

/** The tokens that one token reaches, or the one that is global. */
function gathered(node: NodeReader, value: Activation, dims: readonly number[], what: string): Activation {
  const shape = dims[0] === 1 ? dims.slice(1) : dims;
  const read = node.importer.read(value);
  const source = node.importer.add(`${node.name}_${what}`, { kind: 'reshape', copies: true }, [read], shape);
  return { kind: 'activation', dims, batchAxis: dims[0] === 1 ? 0 : -1, spatial: 0, source, moved: false };
}

export const longformerReaders: Readonly<Record<string, OperatorReader>> = {
  LongformerAttention: longformerAttention,
};
