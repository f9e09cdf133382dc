import {
  type Checked,
  diagnosticAt,
  type Model,
  type ModelStatements,
  noStatements,
  type Origin,
  quoted,
  reasonWords,
} from '../../design/index.ts';
import { onnxMessages } from '../messages/index.ts';
import { assumedOperator } from './assumed-operator.ts';
import { decodeGraph } from './decode-graph.ts';
import { dimsProblem } from './dims.ts';
import { exportedDims, keepHiddenBatch } from './exported-batch.ts';
import { type GraphReading, readExported } from './exported-samples.ts';
import { contentsProblem, withoutGuesses } from './external-data.ts';
import { constantOf, foldNode, shapeConstant } from './fold/index.ts';
import { inlineFunctions } from './functions.ts';
import { furtherOutput } from './further-outputs.ts';
import { bodiesOf, type GraphNode } from './graph.ts';
import { type BatchReading, readInputs } from './graph-inputs.ts';
import { Importer } from './importer.ts';
import { keepIdentity } from './kept-identity.ts';
import { liveNodes } from './live-nodes.ts';
import { NodeReader } from './node-reader.ts';
import { controlReaders, readerOf, viewReaders } from './operators/index.ts';
import { orderNodes } from './order.ts';
import { type Outcome, type Problem, unreadable } from './outcome.ts';
import { joinPatterns } from './patterns.ts';
import { followSamples } from './samples/index.ts';
import { constantResult, unknownOperator } from './unknown-operator.ts';
import type { Value } from './value.ts';

/**
 * Reads an ONNX model (ModelProto, any operator set) into a Stimpack network. Weights are not copied: their sizes follow from their
 * dimensions. The function never throws. Its time and memory are linear in the size of the file without weights. `origin`: the statement
 * that imports the file, to which diagnostics refer. `statements`: sizes and assumptions that the user states for what the file leaves
 * open. The value is undefined if there is an error among the diagnostics.
 */
export function readOnnx(
  bytes: Uint8Array,
  name: string,
  origin: Origin,
  statements: ModelStatements = noStatements,
): Checked<Model | undefined> {
  const broken = (problem: string | Problem): Checked<undefined> => {
    const { message, origin: at = origin } = typeof problem === 'string' ? unreadable(problem) : problem;
    return { value: undefined, diagnostics: [diagnosticAt(at, message(name))] };
  };
  const foreign = notOnnx(bytes);
  if (foreign !== undefined) return broken(foreign);
  // Node's Buffer is a Uint8Array with its own `subarray`, which is several times slower.
  const decoded = decodeGraph(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
  const graph = typeof decoded === 'string' ? decoded : inlineFunctions(decoded);
  if (typeof graph === 'string') return broken(graph);
  const ordered = orderNodes(graph);
  if (typeof ordered === 'string') return broken(ordered);
  const live = liveNodes(graph, ordered);
  const nodes = joinPatterns(graph, live);
  const read = readExported((reading) => {
    const importer = new Importer(
      { ...graph, nodes },
      origin,
      (into, node) => readNode(new NodeReader(into, node)),
      statements,
    );
    reportUnused(importer, ordered, live);
    return readGraph(importer, name, reading);
  });
  const { importer, failure } = read;
  if (failure !== undefined) {
    if ('message' in failure) return broken(failure);
    return { value: undefined, diagnostics: [...importer.diagnostics, diagnosticAt(origin, failure.unsupported)] };
  }
  const layers = importer.finish();
  if (layers.length === 0) return broken('its graph computes nothing from its input');
  const assumptions = importer.usedAssumptions();
  const model: Model = {
    name,
    origin,
    inputShape: importer.inputs[0]?.shape ?? [1],
    ...(importer.inputs.length > 1 ? { inputs: importer.inputs } : {}),
    layers,
    quantization: 'static',
    accuracy: null,
    ...(assumptions.length === 0 ? {} : { assumptions }),
    ...(importer.caveats.length === 0 ? {} : { caveats: importer.caveats }),
  };
  return { value: model, diagnostics: importer.diagnostics };
}

/** Reads the constants, the inputs and all nodes. */
function readGraph(importer: Importer, name: string, reading: BatchReading): GraphReading {
  const constants = readConstants(importer);
  if (constants !== undefined) return { importer, failure: unreadable(constants) };
  const inputs = readInputs(importer, reading);
  if ('message' in inputs) return { importer, failure: inputs };
  for (const graphNode of importer.graph.nodes) {
    const failure = importer.readNode(graphNode);
    if (failure === undefined) continue;
    const unsupported = onnxMessages.unsupported({
      file: name,
      operator: graphNode.operator,
      name: graphNode.name || (graphNode.outputs[0] ?? ''),
      reason: reasonWords(
        `${failure}${importer.caveats.some(({ code }) => code === 'onnx-assumed-dimension') ? assumedSizes : ''}`,
      ),
    });
    return { importer, inputs, failure: { unsupported } };
  }
  return { importer, inputs, failure: judgeStatedShapes(importer) };
}

/** Added to the reason of an error, because the file itself may be correct. */
const assumedSizes =
  ". Sizes that the file leaves open were assumed, which may be the cause: state the shape of its inputs beside 'from'";

/**
 * Reports shapes that contradict the file: as an error if products depend on them, otherwise as a caveat. The user can state that the
 * shapes in the file are stale.
 */
function judgeStatedShapes(importer: Importer): Problem | undefined {
  const found = importer.statedShapes.describe();
  if (found === undefined) return undefined;
  const accepted = importer.assumptionFor('shapes', importer.statedShapes.contradictions.length);
  if (accepted?.countedAs === 'inferred') return undefined;
  if (found.affectsProducts) return { message: (file) => onnxMessages.productsUnknown({ file, found }) };
  importer.caveat(onnxMessages.shapesContradict({ found }), { kind: 'any' });
  return undefined;
}

/** Names the kind of a file that is not ONNX, for the most common mistakes. */
function notOnnx(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return 'the file is empty';
  const start = String.fromCharCode(...bytes.subarray(0, 40));
  if (start.startsWith('version https://git-lfs'))
    return 'the file is a Git LFS pointer; fetch the file itself (git lfs pull)';
  if (start.startsWith('PK\u0003\u0004')) return 'the file is a zip archive (a PyTorch checkpoint?), not an ONNX model';
  if (/^\s*(<!doctype|<html|\{|\[)/i.test(start)) return 'the file is text, not an ONNX model';
  // An ONNX file has control bytes in its first fields: the lengths of short names, the version.
  if (/^(ï»¿)?[\t\n\r -~]+$/u.test(start))
    return "the file is text, not an ONNX model. 'stimpack import' reads a SCALE-Sim topology";
  return undefined;
}

/** Reports the nodes that no output depends on. */
function reportUnused(importer: Importer, ordered: readonly GraphNode[], live: readonly GraphNode[]): void {
  if (live.length === ordered.length) return;
  const kept = new Set(live);
  // Constants and shape arithmetic cost nothing, and exporters leave many of them behind.
  const unused = ordered.filter((node) => !kept.has(node) && !costless.has(node.operator));
  const [first] = unused;
  if (first === undefined) return;
  const name = first.name || (first.outputs[0] ?? '');
  importer.report(onnxMessages.unusedNodes({ count: unused.length, operator: first.operator, name }));
}

const costless: ReadonlySet<string> = new Set(['Constant', 'Identity', 'Shape', 'Cast']);

function readConstants(importer: Importer): string | undefined {
  for (const [name, tensor] of importer.graph.initializers) {
    const problem = dimsProblem(tensor.dims) ?? contentsProblem(tensor);
    if (problem !== undefined) return `the tensor ${quoted(name)} ${problem}`;
    importer.values.set(name, constantOf(importer.graph.bytes, tensor));
  }
  return undefined;
}

/** Reads one node and stores the results. Returns a string if the graph cannot be read further: the reason. */
function readNode(node: NodeReader): string | undefined {
  const { importer } = node;
  for (const input of node.node.inputs) {
    if (input !== '' && !importer.values.has(input))
      return `its input ${quoted(input)} is neither the output of a node nor an input of the graph`;
  }
  const outer = importer.reading;
  importer.reading = node;
  const outcome = withoutGuesses(node, () => evaluate(node));
  importer.reading = outer;
  if (typeof outcome === 'string') return outcome;
  const isBatched = node.node.inputs.some((input) => importer.isBatched(input));
  const inputs = isBatched ? node.node.inputs.map((_, index) => node.input(index)) : [];
  const made: (Value | undefined)[] = [];
  for (const [index, name] of node.node.outputs.entries()) {
    const value =
      outcome[index] ?? (index > 0 && importer.usesOf(name) > 0 ? furtherOutput(node, index, outcome[0]) : undefined);
    if (typeof value === 'string') return value;
    made.push(value);
  }
  for (const [index, value] of (isControl(node) ? made : followSamples(node, made)).entries()) {
    const name = node.node.outputs[index] ?? '';
    if (value === undefined || name === '') continue;
    const problem = dimsProblem(value.dims);
    if (problem !== undefined) return `its output ${problem}`;
    if (value.kind === 'activation' && value.dims.includes(0)) return 'its output is empty';
    if (isBatched && value.kind === 'activation') importer.batched.add(name);
    if (!importer.values.isInside) {
      importer.statedShapes.compare(node.node, name, value, isBatched ? importer.exportedBatch : 1, importer.sizes);
    }
    const kept = keepIdentity(node, index, value);
    importer.values.set(name, isBatched ? keepHiddenBatch(kept, inputs, importer.exportedBatch) : kept);
  }
  for (const input of node.node.inputs) importer.values.release(input);
  return undefined;
}

/** Whether the outputs come from the bodies of the node, whose nodes have followed the samples. */
function isControl({ node }: NodeReader): boolean {
  return node.domain === '' && /^(If|Loop|Scan)$/.test(node.operator);
}

function evaluate(node: NodeReader): Outcome {
  const control = node.node.domain === '' ? controlReaders.get(node.node.operator) : undefined;
  if (control !== undefined) return control(node);
  if (node.constants().some(({ items }) => items !== undefined) && node.node.operator !== 'Identity')
    return 'one of its inputs is a sequence, which is not supported here';
  if (bodiesOf(node.node).length > 0) return 'it has a subgraph and is not supported';
  const inputs = node.node.inputs.map((_, index) => node.input(index));
  const isConstant = inputs.every((input) => input === undefined || input.kind === 'constant');
  const { operator, domain } = node.node;
  if (operator === 'Shape' && inputs[0] !== undefined) {
    const [value] = inputs;
    const isBatched = value.kind === 'activation' && node.importer.isBatched(node.node.inputs[0]);
    return [shapeConstant(node, isBatched ? exportedDims(value, node.importer.exportedBatch) : value.dims)];
  }
  if (isConstant) {
    const folded = viewReaders.get(operator)?.(node) ?? foldNode(node);
    if (folded !== undefined) return folded;
    return constantResult(node, inputs);
  }
  const reader = readerOf(domain, operator);
  const outcome = reader?.(node);
  if (outcome !== undefined && typeof outcome !== 'string') return outcome;
  // The operator is not supported, or not in this form. The user may have stated how to count it.
  const assumption = node.importer.assumptionFor(operator);
  if (assumption !== undefined) return assumedOperator(node, inputs, assumption.countedAs);
  return outcome ?? unknownOperator(node, inputs);
}
