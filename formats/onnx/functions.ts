import { quoted } from '../../design/index.ts';
import { madeBy } from './captured.ts';
import type { Attribute, FunctionBody, GraphBody, GraphNode, OnnxGraph } from './graph.ts';

/** The deepest nesting of function calls. ONNX forbids recursion, and a deeper chain is almost certainly recursive. */
const maxDepth = 32;
/** The most nodes that all calls of one model may expand to. */
const maxNodes = 500_000;

/**
 * Replaces each call of a model-local function by the nodes of the function (ONNX IR, "Functions"). Formal names become the names of the
 * call. Inner names get the name of the call as a prefix. Attributes that refer to those of the function take the values of the call.
 * Returns a string if the calls cannot be replaced: the reason.
 */
export function inlineFunctions(graph: OnnxGraph): OnnxGraph | string {
  if (graph.functions.length === 0) return graph;
  const inliner = new Inliner(graph.functions);
  const nodes = inliner.expand(graph.nodes, 0);
  return inliner.problem ?? { ...graph, nodes };
}

const keyOf = (domain: string, name: string, overload: string) => `${domain}\u0000${name}\u0000${overload}`;

class Inliner {
  problem: string | undefined;
  private readonly functions: ReadonlyMap<string, FunctionBody>;
  private made = 0;
  private calls = 0;

  constructor(functions: readonly FunctionBody[]) {
    this.functions = new Map(functions.map((each) => [keyOf(each.domain, each.name, each.overload), each]));
  }

  expand(nodes: readonly GraphNode[], depth: number): readonly GraphNode[] {
    return nodes.flatMap((node) => {
      if (this.problem !== undefined) return [];
      const called = this.functions.get(keyOf(node.domain, node.operator, node.overload));
      return called === undefined ? [this.expandBodies(node, depth)] : this.call(called, node, depth);
    });
  }

  private expandBodies(node: GraphNode, depth: number): GraphNode {
    if (node.captured.length === 0 && ![...node.attributes.values()].some(({ graph }) => graph !== undefined))
      return node;
    return withBodies(node, (body) => ({ ...body, nodes: this.expand(body.nodes, depth + 1) }));
  }

  private call(called: FunctionBody, node: GraphNode, depth: number): readonly GraphNode[] {
    if (depth > maxDepth) {
      this.problem ??= `the function ${quoted(called.name)} calls itself, or calls are nested more than ${maxDepth} deep`;
      return [];
    }
    this.made += called.nodes.length;
    if (this.made > maxNodes) {
      this.problem ??= `its functions expand to more than ${maxNodes} nodes`;
      return [];
    }
    const prefix = node.name || node.outputs[0] || called.name;
    const call = ++this.calls;
    const names = new Map<string, string>([['', '']]);
    // An input that the call omits is also omitted inside.
    for (const [index, formal] of called.inputs.entries()) names.set(formal, node.inputs[index] ?? '');
    for (const [index, formal] of called.outputs.entries()) {
      const actual = node.outputs[index] ?? '';
      if (actual !== '') names.set(formal, actual);
    }
    const rename = (name: string): string => {
      const known = names.get(name);
      if (known !== undefined) return known;
      // The number makes names of different calls different.
      const inner = `${prefix}/${name}#${call}`;
      names.set(name, inner);
      return inner;
    };
    const passed = new Map([...called.defaults, ...node.attributes]);
    const body = called.nodes.map((inner) => instantiate(inner, rename, passed, `${prefix}/`, called.opset));
    // If the function returns an input unchanged, a node has to pass it through.
    const made = new Set(called.nodes.flatMap((inner) => inner.outputs));
    for (const [index, formal] of called.outputs.entries()) {
      const at = called.inputs.indexOf(formal);
      const actual = node.outputs[index] ?? '';
      if (at < 0 || made.has(formal) || actual === '') continue;
      body.push({
        ...node,
        operator: 'Identity',
        domain: '',
        overload: '',
        inputs: [node.inputs[at] ?? ''],
        outputs: [actual],
        attributes: new Map(),
      });
    }
    return this.expand(body, depth + 1);
  }
}

/** One node of the body of a function, with the names and attributes of this call. */
function instantiate(
  node: GraphNode,
  rename: (name: string) => string,
  passed: ReadonlyMap<string, Attribute>,
  prefix: string,
  opset: number | undefined,
): GraphNode {
  const attributes = new Map<string, Attribute>();
  for (const [name, attribute] of node.attributes) {
    if (attribute.reference === '') attributes.set(name, attribute);
    else {
      const value = passed.get(attribute.reference);
      if (value !== undefined) attributes.set(name, { ...value, name });
    }
  }
  const renamed: GraphNode = {
    ...node,
    name: `${prefix}${node.name || node.outputs[0] || node.operator.toLowerCase()}`,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
    captured: node.captured.map(rename),
    attributes,
    ...(opset === undefined ? {} : { opset }),
  };
  return withBodies(renamed, (body) => {
    const own = madeBy(body);
    const inside = (name: string) => (name === '' || own.has(name) ? name : rename(name));
    return {
      ...body,
      nodes: body.nodes.map((inner) => instantiate(inner, inside, passed, prefix, opset)),
      outputs: body.outputs.map((output) => ({ ...output, name: inside(output.name) })),
    };
  });
}

function withBodies(node: GraphNode, change: (body: GraphBody) => GraphBody): GraphNode {
  let changed = false;
  const attributes = new Map<string, Attribute>();
  for (const [name, attribute] of node.attributes) {
    if (attribute.graph === undefined) attributes.set(name, attribute);
    else {
      attributes.set(name, { ...attribute, graph: change(attribute.graph) });
      changed = true;
    }
  }
  return changed ? { ...node, attributes } : node;
}
