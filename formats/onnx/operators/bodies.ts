import { quoted, safeText } from '../../../design/index.ts';
import { dimsProblem } from '../dims.ts';
import { contentsProblem } from '../external-data.ts';
import { constantOf } from '../fold/index.ts';
import type { GraphBody } from '../graph.ts';
import { liveNodes } from '../live-nodes.ts';
import type { NodeReader } from '../node-reader.ts';
import { orderNodes } from '../order.ts';
import { joinPatterns } from '../patterns.ts';
import type { Value } from '../value.ts';

/** The most nodes that all branches and rounds of one file may have together. A longer loop is an error. */
const maxNodes = 50_000;

const prepared = new WeakMap<GraphBody, GraphBody | string>();

/** The body with its nodes in order and with patterns joined. It is made once for all rounds. */
function prepare(body: GraphBody): GraphBody | string {
  let ready = prepared.get(body);
  if (ready === undefined) {
    const ordered = orderNodes(body);
    ready = typeof ordered === 'string' ? ordered : { ...body, nodes: joinPatterns(body, liveNodes(body, ordered)) };
    prepared.set(body, ready);
  }
  return ready;
}

/** The body in attribute `name` of the node. */
export function bodyOf(node: NodeReader, name: string): GraphBody | undefined {
  return node.node.attributes.get(name)?.graph;
}

/**
 * Reads a body once, with values for its inputs, and returns its outputs. Returns a string if it cannot be read: the reason. An input
 * without a value must not get the value of an outer tensor with the same name, so a body that reads it is an error.
 */
export function readBody(
  node: NodeReader,
  graph: GraphBody,
  inputs: readonly (Value | undefined)[],
): readonly (Value | undefined)[] | string {
  const { importer } = node;
  const body = prepare(graph);
  if (typeof body === 'string') return body;
  importer.unrolledNodes += body.nodes.length + 1;
  if (importer.unrolledNodes > maxNodes) {
    return `its branches and rounds have more than ${maxNodes} nodes, which is not supported`;
  }
  importer.values.enter(body);
  const outcome = readNodes(node, body, inputs);
  importer.values.leave();
  return outcome;
}

function readNodes(
  node: NodeReader,
  body: GraphBody,
  inputs: readonly (Value | undefined)[],
): readonly (Value | undefined)[] | string {
  const { importer } = node;
  const { values } = importer;
  for (const [name, tensor] of body.initializers) {
    const problem = dimsProblem(tensor.dims) ?? contentsProblem(tensor);
    if (problem !== undefined) return `the tensor ${quoted(name)} ${problem}`;
    values.set(name, constantOf(importer.graph.bytes, tensor));
  }
  for (const [index, input] of body.inputs.entries()) {
    const value = inputs[index];
    if (value !== undefined) values.set(input.name, value);
  }
  for (const inner of body.nodes) {
    const failure = importer.readNode(inner);
    if (failure !== undefined)
      return `${safeText(inner.operator)} ${quoted(inner.name || (inner.outputs[0] ?? ''))} inside: ${failure}`;
  }
  return body.outputs.map((output) => values.get(output.name));
}
