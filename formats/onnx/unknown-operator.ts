import { quoted, safeText } from '../../design/index.ts';
import { onnxMessages } from '../messages/index.ts';
import { Importer } from './importer.ts';
import { NodeReader } from './node-reader.ts';
import { combine, readerOf } from './operators/index.ts';
import { moved } from './operators/selection.ts';
import type { Outcome } from './outcome.ts';
import { type Activation, type Constant, constant, product, sameShape, type Value } from './value.ts';

/*
 * Operators that the importer does not support. If they have weights or multiply, they are errors, because their cost would not be counted.
 * The others are counted as one operation for each element, with a caveat. The user can state how to count them: `assume { Foo: elementwise
 * }`.
 */

/** Operators of ONNX, ONNX Runtime and ai.onnx.ml that multiply, are not supported, and cannot be recognized by their names. */
const multiplying: ReadonlySet<string> = new Set([
  ...['AffineGrid', 'Inverse', 'CDist', 'UnfoldTensor'],
  ...['BeamSearch', 'GreedySearch', 'Sampling', 'WhisperBeamSearch', 'WordConvEmbedding', 'DynamicTimeWarping'],
  ...['SVMClassifier', 'SVMRegressor', 'TreeEnsemble', 'TreeEnsembleClassifier', 'TreeEnsembleRegressor'],
]);

/**
 * Operators whose computation the file does not describe: a network compiled for another chip, an operator of PyTorch, or a
 * function of Python.
 */
const opaque: ReadonlySet<string> = new Set(['EPContext', 'ATen', 'PythonOp', 'PyOp', 'TRTEngineOp', 'TRT_PluginV2']);

/** Parts of the names of operators that multiply, in any domain. */
const multiplyingWords = [
  /attention|attn|qkv|matmul|gemm|conv(?!ert)|einsum|dense(?!to)|(?<!ize|bi|tri|non)linear/i,
  /innerproduct|dotproduct|fullyconnected|correlation|costvolume|selectivescan|transformerlayer|(?:en|de)coderlayer/i,
  /LSTM|GRU|RNN|MoE|SSM|Mamba|MHA|SDPA|MLP|FFN|FFT|Fft|Rfft|Irfft|BMM|Bmm|LoRA|Lora/,
];

/**
 * An attribute or a vector with at least this many numbers contains weights, and not settings. Our assumption: operators have only a handful of
 * settings.
 */
const fewNumbers = 32;

/** The reason to assume that an operator multiplies, as a clause. Undefined if there is none. */
function reasonToRefuse(node: NodeReader, inputs: readonly (Value | undefined)[]): string | undefined {
  const { operator, attributes } = node.node;
  if (opaque.has(operator)) return 'the file does not describe what it computes';
  // A vector with a number for each place on an axis of an input is a scale or a shift. A longer one contains packed weights.
  const widest = Math.max(fewNumbers, ...inputs.flatMap((input) => (input?.kind === 'activation' ? input.dims : [])));
  for (const [index, input] of inputs.entries()) {
    if (input?.kind !== 'constant' || product(input.dims) <= (input.dims.length < 2 ? widest : 1)) continue;
    return `it has weights (${quoted(node.node.inputs[index] ?? '')}, ${input.dims.join(' x ')})`;
  }
  for (const [name, { floats, tensor, isLong }] of attributes) {
    const isTable = tensor !== undefined && (tensor.dims.length >= 2 || product(tensor.dims) > fewNumbers);
    if (floats.length > fewNumbers || isTable || isLong) return `it has weights (its attribute ${quoted(name)})`;
  }
  return multiplying.has(operator) || multiplyingWords.some((words) => words.test(operator))
    ? 'it multiplies'
    : undefined;
}

/** Reads an operator that is not supported and depends on the input of the network. */
export function unknownOperator(node: NodeReader, inputs: readonly (Value | undefined)[]): Outcome {
  const { importer } = node;
  const { operator, domain } = node.node;
  const first = inputs.find((input): input is Activation => input?.kind === 'activation');
  if (first === undefined) return 'this operator is not understood and has no input';
  const reason = reasonToRefuse(node, inputs);
  if (reason !== undefined) {
    const wayOut = `write 'assume { ${safeText(operator)}: elementwise }' beside 'from'`;
    return `this operator${domain === '' ? '' : ` of ${safeText(domain)}`} is not understood, and ${reason}, so that its cost is not known. To count it as one operation for each element, ${wayOut}`;
  }
  const stated = importer.statedDims(node.node.outputs[0] ?? '', first);
  const dims = stated ?? first.dims;
  const isStated = stated !== undefined;
  importer.caveat(
    onnxMessages.unknownOperator({
      operator,
      name: node.name,
      domain,
      output: dims.join(' x ') || 'one value',
      isStated,
    }),
    { kind: 'any' },
  );
  if (stated === undefined || sameShape(stated, first.dims)) {
    const same = inputs.filter(
      (input): input is Activation => input?.kind === 'activation' && sameShape(input.dims, first.dims),
    );
    return combine(node, same, 'other');
  }
  const value = moved(node, first, dims);
  const { batchAxis, spatial } = value;
  return [node.layer({ kind: 'activation', function: 'other' }, [importer.read(value)], { dims, batchAxis, spatial })];
}

/**
 * The result of an operator with only constant inputs, if no operator needs its numbers. Only its shape matters, which the reader of the
 * operator computes.
 */
export function constantResult(node: NodeReader, inputs: readonly (Value | undefined)[]): Outcome {
  const { importer } = node;
  const { operator, domain, outputs } = node.node;
  const shapes = shapesOf(node, inputs);
  const [first] = inputs;
  return outputs.map((tensor, index): Constant => {
    const known = shapes?.[index] ?? importer.statedDims(tensor);
    if (known !== undefined) return constant(known);
    const dims = first?.dims ?? [];
    if (index === 0 && importer.assumptionFor(operator) === undefined) {
      const shape = dims.join(' x ') || 'one value';
      importer.caveat(onnxMessages.unknownConstant({ operator, name: node.name, domain, shape }), { kind: 'any' });
    }
    return constant(dims);
  });
}

/** The shapes of the outputs, as if the first input came from the network. */
function shapesOf(
  node: NodeReader,
  inputs: readonly (Value | undefined)[],
): readonly (readonly number[] | undefined)[] | undefined {
  const reader = readerOf(node.node.domain, node.node.operator);
  if (reader === undefined) return undefined;
  const { graph, origin } = node.importer;
  const scratch = new Importer(
    { ...graph, nodes: [], initializers: new Map(), inputs: [], outputs: [], valueInfo: new Map() },
    origin,
    () => undefined,
  );
  for (const [index, name] of node.node.inputs.entries()) {
    const value = inputs[index];
    if (value === undefined) continue;
    const isFirst = index === node.node.inputs.findIndex((_, at) => inputs[at] !== undefined);
    scratch.values.set(
      name,
      isFirst ? { kind: 'activation', dims: value.dims, batchAxis: -1, spatial: 0, source: -1, moved: false } : value,
    );
  }
  const outcome = reader(new NodeReader(scratch, node.node));
  return typeof outcome === 'string' ? undefined : outcome.map((value) => value?.dims);
}
