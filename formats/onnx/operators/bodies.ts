import { quoted, safeText } from '../../../design/index.ts';
import { dimsProblem } from '../dims.ts';
import { constantOf } from '../fold/index.ts';
import type { GraphBody } from '../graph.ts';
import type { NodeReader } from '../node-reader.ts';
import { orderNodes } from '../order.ts';
import { joinPatterns } from '../patterns.ts';
import type { Value } from '../value.ts';

/** Nodes that all branches and rounds of one file may come to; a longer loop is refused. */
const maxNodes = 50_000;

const prepared = new WeakMap<GraphBody, GraphBody | string>();

/** The body with its nodes in order and spelled-out functions put together, made once for all rounds. */
function prepare(body: GraphBody): GraphBody | string {
  let ready = prepared.get(body);
  if (ready === undefined) {
    const ordered = orderNodes(body);
    ready = typeof ordered === 'string' ? ordered : { ...body, nodes: joinPatterns(body, ordered) };
    prepared.set(body, ready);
  }
  return ready;
}

/** The body that attribute `name` of the node holds. */
export function bodyOf(node: NodeReader, name: string): GraphBody | undefined {
  return node.node.attributes.get(name)?.graph;
}

/**
 * Reads a body once, with values for its inputs; its outputs. A string: why it cannot be read. An input without a value takes none of
 * the graphs around it: a body that reads it is refused.
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
    return `its branches and rounds come to more than ${maxNodes} nodes, which is not supported`;
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
    const problem = dimsProblem(tensor.dims);
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
