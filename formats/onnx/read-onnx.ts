import type { Checked, Diagnostic, Model, Origin } from '../../design/index.ts';
import { decodeGraph } from './decode-graph.ts';
import { constantOf, foldNode, shapeConstant } from './fold.ts';
import { inlineFunctions } from './functions.ts';
import { bodiesOf, type Dimension, type ValueInfo } from './graph.ts';
import { dimsProblem, Importer, NodeReader, type Outcome } from './importer.ts';
import { combine, controlReaders, readerOf, viewReaders } from './operators/index.ts';
import { orderNodes } from './order.ts';
import { joinPatterns } from './patterns.ts';
import { type Activation, shapeOf, type Value } from './value.ts';

/** Our assumptions for sizes that a file leaves open: one request, 128 tokens, 224 x 224 pixels of three colours. */
const assumedTokens = 128;
const assumedPixels = 224;
const assumedChannels = 3;

/**
 * Reads an ONNX model (ModelProto, any operator set) into a network of Stimpack's. Weights are not copied: their sizes are read
 * from their dimensions. Never throws; time and memory are linear in the file's size without its weights. `origin` is what
 * diagnostics point at: the statement that imports the file. The value is undefined where an error is among them.
 */
export function readOnnx(bytes: Uint8Array, name: string, origin: Origin): Checked<Model | undefined> {
  const broken = (message: string): Checked<undefined> => ({
    value: undefined,
    diagnostics: [
      { code: 'onnx-unreadable', severity: 'error', message: `cannot import '${name}': ${message}`, origin },
    ],
  });
  const foreign = notOnnx(bytes);
  if (foreign !== undefined) return broken(foreign);
  // Node's Buffer is a Uint8Array whose `subarray` takes a way of its own, several times as long.
  const decoded = decodeGraph(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
  const graph = typeof decoded === 'string' ? decoded : inlineFunctions(decoded);
  if (typeof graph === 'string') return broken(graph);
  const ordered = orderNodes(graph);
  if (typeof ordered === 'string') return broken(ordered);
  const nodes = joinPatterns(graph, ordered);
  const importer = new Importer({ ...graph, nodes }, origin, readNode);
  const problem = readConstants(importer) ?? readInputs(importer);
  if (problem !== undefined) return broken(problem);
  for (const graphNode of nodes) {
    const failure = readNode(new NodeReader(importer, graphNode));
    if (failure !== undefined) {
      const unsupported: Diagnostic = {
        code: 'onnx-unsupported',
        severity: 'error',
        message: `cannot import '${name}': ${graphNode.operator} '${graphNode.name || (graphNode.outputs[0] ?? '')}': ${failure}`,
        origin,
      };
      return { value: undefined, diagnostics: [...importer.diagnostics, unsupported] };
    }
  }
  const layers = importer.finish();
  if (layers.length === 0) return broken('its graph computes nothing from its input');
  const model: Model = {
    name,
    origin,
    inputShape: importer.inputShapes[0] ?? [1],
    layers,
    quantization: 'static',
    accuracy: null,
    ...(importer.caveats.length === 0 ? {} : { caveats: importer.caveats }),
  };
  return { value: model, diagnostics: importer.diagnostics };
}

/** What a file is that starts like none of ours: the usual mistakes have names. */
function notOnnx(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return 'the file is empty';
  const start = String.fromCharCode(...bytes.subarray(0, 40));
  if (start.startsWith('version https://git-lfs'))
    return 'the file is a Git LFS pointer; fetch the file it stands for (git lfs pull)';
  if (start.startsWith('PK\u0003\u0004')) return 'the file is a zip archive (a PyTorch checkpoint?), not an ONNX model';
  if (/^\s*(<!doctype|<html|\{|\[)/i.test(start)) return 'the file is text, not an ONNX model';
  return undefined;
}

function readConstants(importer: Importer): string | undefined {
  for (const [name, tensor] of importer.graph.initializers) {
    const problem = dimsProblem(tensor.dims);
    if (problem !== undefined) return `the tensor '${name}' ${problem}`;
    importer.values.set(name, constantOf(importer.graph.bytes, tensor));
  }
  return undefined;
}

function readInputs(importer: Importer): string | undefined {
  const { graph } = importer;
  const assumed = new Map<string, number>();
  for (const input of graph.inputs) {
    // Up to IR version 3 weights were listed among the inputs.
    if (graph.initializers.has(input.name)) continue;
    if (importer.usesOf(input.name) === 0) continue;
    const batch = batchAxisOf(importer, input);
    const dims = assumeDims(importer, input, batch, assumed);
    const problem = dimsProblem(dims);
    if (problem !== undefined) return `the input '${input.name}' ${problem}`;
    const batchAxis = dims[batch] === 1 ? batch : -1;
    const index = -1 - importer.inputShapes.length;
    const value: Activation = {
      kind: 'activation',
      dims,
      batchAxis,
      spatial: positionsOf(importer, input.name, dims),
      source: index,
      moved: false,
    };
    importer.inputShapes.push(shapeOf(value));
    importer.values.set(input.name, value);
  }
  return importer.inputShapes.length === 0 ? 'its graph has no input' : undefined;
}

/** The axis that counts requests: the one whose name says so, the second where a recurrent cell reads steps first, else the first. */
function batchAxisOf(importer: Importer, input: ValueInfo): number {
  const named = input.dims?.findIndex((dimension) => typeof dimension === 'string' && /batch/i.test(dimension)) ?? -1;
  if (named >= 0) return named;
  const reader = importer.firstReaders.get(input.name);
  return reader !== undefined &&
    /^(LSTM|GRU|RNN)$/.test(reader.operator) &&
    reader.attributes.get('layout')?.integer !== 1
    ? 1
    : 0;
}

/**
 * How many of an input's last dimensions are positions. Its first reader decides; else four dimensions are an image with its
 * channels first, unless the last one looks like colours and the second does not.
 */
function positionsOf(importer: Importer, name: string, dims: readonly number[]): number {
  const reader = importer.firstReaders.get(name)?.operator ?? '';
  if (dims.length > 2 && /Conv|Pool|^BatchNormalization$|^InstanceNormalization$/.test(reader)) return dims.length - 2;
  return dims.length === 4 && reader !== 'MatMul' && !(isColours(dims[3]) && !isColours(dims[1])) ? 2 : 0;
}

function isColours(size: number | undefined): boolean {
  return size === 1 || size === 3 || size === 4;
}

/** Sizes that the file leaves open, by the name or the place they have; the same name has the same size everywhere. */
function assumeDims(importer: Importer, input: ValueInfo, batch: number, assumed: Map<string, number>): number[] {
  const stated = input.dims ?? [''];
  return stated.map((dimension: Dimension, axis) => {
    const open = typeof dimension === 'string' || dimension <= 0;
    if (!open) {
      const isBatch = axis === batch && dimension > 1 && stated.length > 1;
      if (!isBatch) return dimension;
      importer.exportedBatch = dimension;
      importer.report(
        'onnx-assumed-dimension',
        'information',
        `'${input.name}' was exported for a batch of ${dimension}; the model is imported for one request`,
      );
      return 1;
    }
    const name = typeof dimension === 'string' ? dimension : '';
    if (axis === batch || /batch/i.test(name)) return 1;
    const known = name === '' ? undefined : assumed.get(name);
    if (known !== undefined) return known;
    const image = stated.length === 4;
    const size = image ? (axis === 1 ? assumedChannels : assumedPixels) : assumedTokens;
    if (name !== '') assumed.set(name, size);
    importer.report(
      'onnx-assumed-dimension',
      'warning',
      `dimension ${axis} of input '${input.name}'${name === '' ? '' : ` ('${name}')`} is open in the file; ${size} is assumed`,
    );
    return size;
  });
}

/** Reads one node and keeps what it makes; a string: why the graph cannot be read on. */
function readNode(node: NodeReader): string | undefined {
  const { importer } = node;
  for (const input of node.node.inputs) {
    if (input !== '' && !importer.values.has(input))
      return `its input '${input}' is made by no node and is no input of the graph`;
  }
  const outcome = evaluate(node);
  if (typeof outcome === 'string') return outcome;
  for (const [index, name] of node.node.outputs.entries()) {
    const value = outcome[index] ?? (index > 0 && importer.usesOf(name) > 0 ? outcome[0] : undefined);
    if (name === '' || value === undefined) continue;
    const problem = dimsProblem(value.dims);
    if (problem !== undefined) return `its output ${problem}`;
    if (value.kind === 'activation' && value.dims.includes(0)) return 'its output is empty';
    importer.values.set(name, value);
  }
  return undefined;
}

function evaluate(node: NodeReader): Outcome {
  const control = node.node.domain === '' ? controlReaders.get(node.node.operator) : undefined;
  if (control !== undefined) return control(node);
  if (bodiesOf(node.node).length > 0) return 'it has a subgraph and is not supported';
  const inputs = node.node.inputs.map((_, index) => node.input(index));
  const isConstant = inputs.every((input) => input === undefined || input.kind === 'constant');
  const { operator, domain } = node.node;
  if (operator === 'Shape' && inputs[0] !== undefined) return [shapeConstant(node, inputs[0].dims)];
  if (isConstant) {
    const folded = viewReaders.get(operator)?.(node) ?? foldNode(node);
    if (folded !== undefined) return folded;
    const stated = node.importer.statedDims(node.node.outputs[0] ?? '');
    const dims = stated ?? inputs[0]?.dims ?? [];
    if (readerOf(domain, operator) === undefined) {
      node.warn(
        'onnx-unknown-operator',
        `unknown; its result is taken to be a constant of ${dims.join(' x ') || 'one value'}`,
      );
    }
    return node.node.outputs.map(() => ({ kind: 'constant', dims, values: undefined, integer: false }));
  }
  const reader = readerOf(domain, operator);
  return reader === undefined ? unknownOperator(node, inputs) : reader(node);
}

/**
 * One pass over its inputs on the vector unit, and the shape that the file states, or else that of its first input. What that
 * leaves out (weights and multiplications of its own) is said.
 */
function unknownOperator(node: NodeReader, inputs: readonly (Value | undefined)[]): Outcome {
  const { importer } = node;
  const first = inputs.find((input): input is Activation => input?.kind === 'activation');
  if (first === undefined) return 'it is unknown and has no input';
  const stated = importer.statedDims(node.node.outputs[0] ?? '');
  const dims = stated ?? first.dims;
  const shape = dims.join(' x ');
  const domain = node.node.domain === '' ? '' : ` of ${node.node.domain}`;
  node.warn(
    'onnx-unknown-operator',
    `unknown operator${domain}: assumed one vector operation per element and an output of ${shape} (${
      stated === undefined ? 'as its first input' : 'as the file states'
    }); multiplications and weights of its own are not counted`,
  );
  const weights = inputs.filter((input) => input?.kind === 'constant' && input.dims.length > 1).length;
  if (weights > 0) node.warn('onnx-unknown-operator', `${weights} of its inputs look like weights and are left out`);
  if (stated === undefined) {
    const same = inputs.filter(
      (input): input is Activation => input?.kind === 'activation' && input.dims.join() === first.dims.join(),
    );
    return combine(node, same, 'other');
  }
  const batchAxis = dims[0] === 1 ? 0 : -1;
  return [node.layer({ kind: 'reshape', copies: true }, [importer.read(first)], { dims, batchAxis, spatial: 0 })];
}
