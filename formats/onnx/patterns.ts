import { type GraphBody, type GraphNode, readsOf } from './graph.ts';

/**
 * Joins the nodes of activations and layer normalizations. Exporters write these functions as several element-wise operators, and every
 * inference compiler joins them again. The importer does the same: a tree of element-wise operators over one tensor and constants is one
 * function of the tensor.
 */
export function joinPatterns(graph: GraphBody, nodes: readonly GraphNode[]): readonly GraphNode[] {
  // Every pattern ends in one of these operators. Most convolutional networks have none, and need no index of the readers of each tensor.
  if (!nodes.some(({ operator }) => operator === 'Mul' || operator === 'Div')) return nodes;
  const view = new GraphView(graph, nodes);
  const replaced = new Map<number, GraphNode>();
  const dropped = new Set<number>();
  // From the last node to the first, so that the root of the largest tree is found before its parts.
  for (let index = nodes.length - 1; index >= 0; index--) {
    const node = nodes[index];
    if (node === undefined || dropped.has(index)) continue;
    const match =
      node.operator === 'Div'
        ? (matchLayerNorm(view, index) ?? matchActivation(view, index))
        : matchActivation(view, index);
    if (match === undefined || match.parts.some((part) => dropped.has(part) || replaced.has(part))) continue;
    for (const part of match.parts) dropped.add(part);
    replaced.set(match.root, match.node);
  }
  if (replaced.size === 0) return nodes;
  return nodes.flatMap((node, index) => {
    const replacement = replaced.get(index);
    return replacement !== undefined ? [replacement] : dropped.has(index) ? [] : [node];
  });
}

interface Match {
  readonly root: number;
  readonly node: GraphNode;
  /** All nodes that the pattern replaces, including the root. */
  readonly parts: readonly number[];
}

/** An index of the node that makes each tensor and of the nodes that read it. */
class GraphView {
  readonly nodes: readonly GraphNode[];
  private readonly producers = new Map<string, number>();
  private readonly readers = new Map<string, number[]>();
  private readonly graph: GraphBody;

  constructor(graph: GraphBody, nodes: readonly GraphNode[]) {
    this.graph = graph;
    this.nodes = nodes;
    for (const [index, node] of nodes.entries()) {
      for (const output of node.outputs) this.producers.set(output, index);
      for (const input of readsOf(node)) {
        const readers = this.readers.get(input);
        if (readers === undefined) this.readers.set(input, [index]);
        else readers.push(index);
      }
    }
    for (const output of graph.outputs) this.readers.set(output.name, [...(this.readers.get(output.name) ?? []), -1]);
  }

  isConstant(tensor: string): boolean {
    const maker = this.nodes[this.producers.get(tensor) ?? -1]?.operator;
    return this.graph.initializers.has(tensor) || maker === 'Constant' || maker === 'ConstantOfShape';
  }

  producer(tensor: string | undefined): number {
    return tensor === undefined ? -1 : (this.producers.get(tensor) ?? -1);
  }

  usesOf(tensor: string | undefined): number {
    return tensor === undefined ? 0 : (this.readers.get(tensor)?.length ?? 0);
  }

  soleReader(tensor: string | undefined): number {
    const readers = tensor === undefined ? undefined : this.readers.get(tensor);
    return readers?.length === 1 ? (readers[0] ?? -1) : -1;
  }

  /** The node that makes `tensor`, if its operator is one of `operators`. */
  madeBy(tensor: string | undefined, ...operators: readonly string[]): GraphNode | undefined {
    const node = this.nodes[this.producer(tensor)];
    return node !== undefined && operators.includes(node.operator) ? node : undefined;
  }

  /** The variable input of a node with two inputs, if the other one is constant. */
  besideConstant(node: GraphNode | undefined): string | undefined {
    const [left, right] = node?.inputs ?? [];
    if (left === undefined || right === undefined) return undefined;
    if (this.isConstant(right)) return this.isConstant(left) ? undefined : left;
    return this.isConstant(left) ? right : undefined;
  }
}

const elementwise: ReadonlySet<string> = new Set([
  ...['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Erf', 'Tanh', 'Sigmoid', 'HardSigmoid', 'Clip', 'Relu6'],
]);

/** No activation consists of more nodes. */
const maxParts = 12;

/** Matches a tree that ends in a product, or in the division by six of hard swish. */
function matchActivation(view: GraphView, root: number): Match | undefined {
  const end = view.nodes[root];
  if (end === undefined || (end.operator !== 'Mul' && end.operator !== 'Div')) return undefined;
  const parts: number[] = [];
  const leaves = new Set<string>();
  const visit = (index: number): boolean => {
    const node = view.nodes[index];
    if (node === undefined || parts.length >= maxParts) return false;
    parts.push(index);
    return node.inputs.every((tensor) => {
      if (tensor === '' || view.isConstant(tensor)) return true;
      const maker = view.producer(tensor);
      const inner = view.nodes[maker];
      if (inner !== undefined && elementwise.has(inner.operator) && view.usesOf(tensor) === 1) return visit(maker);
      leaves.add(tensor);
      return leaves.size === 1;
    });
  };
  if (!visit(root)) return undefined;
  const [input] = leaves;
  const operator = activationOf(parts.map((part) => view.nodes[part]?.operator ?? ''));
  if (input === undefined || operator === undefined) return undefined;
  return { root, parts, node: { ...end, operator, domain: '', inputs: [input], attributes: new Map() } };
}

/** The function that a tree of these operators computes. Undefined if there is no rule for it. */
function activationOf(operators: readonly string[]): string | undefined {
  const count = (operator: string) => operators.filter((each) => each === operator).length;
  const multiplies = count('Mul') > 0;
  if (count('Erf') === 1 && count('Add') === 1 && multiplies) return 'Gelu';
  // 0.5 x (1 + tanh(c (x + 0.044715 x^3)))
  if (count('Tanh') === 1 && count('Add') === 2 && (count('Pow') === 1 || count('Mul') >= 5)) return 'Gelu';
  if (count('Sigmoid') === 1 && multiplies && count('Add') === 0) return 'Silu';
  if (count('HardSigmoid') === 1 && multiplies) return 'HardSwish';
  if (count('Clip') + count('Relu6') === 1 && count('Add') === 1 && multiplies) return 'HardSwish';
  return undefined;
}

/** Matches (x - mean(x)) / sqrt(mean((x - mean(x))^2) + epsilon), with the scale and the shift by constants after it, if any. */
function matchLayerNorm(view: GraphView, root: number): Match | undefined {
  const divide = view.nodes[root];
  const [centred, deviation] = divide?.inputs ?? [];
  const subtract = view.madeBy(centred, 'Sub');
  const [input, mean] = subtract?.inputs ?? [];
  const average = view.madeBy(mean, 'ReduceMean');
  const root2 = view.madeBy(deviation, 'Sqrt');
  const sum = view.madeBy(root2?.inputs[0], 'Add');
  const variance = view.besideConstant(sum);
  const spread = view.madeBy(variance, 'ReduceMean');
  const square = view.madeBy(spread?.inputs[0], 'Pow', 'Mul');
  if (divide === undefined || input === undefined || square === undefined) return undefined;
  if (average?.inputs[0] !== input || square.inputs[0] !== centred) return undefined;
  if (square.operator === 'Mul' && square.inputs[1] !== centred) return undefined;
  // The pattern is replaced only if no other node reads its inner tensors.
  const inside = [mean, deviation, root2?.inputs[0], variance, spread?.inputs[0]];
  const centredUses = square.operator === 'Mul' ? 3 : 2;
  if (inside.some((tensor) => view.usesOf(tensor) !== 1) || view.usesOf(centred) !== centredUses) return undefined;
  const tensors = [centred, ...inside];
  const parts = [root, ...tensors.map((tensor) => view.producer(tensor))];
  let last = root;
  for (const operator of ['Mul', 'Add']) {
    const next = view.soleReader(view.nodes[last]?.outputs[0]);
    const node = view.nodes[next];
    if (node?.operator !== operator || view.besideConstant(node) === undefined) break;
    last = next;
    parts.push(next);
  }
  const end = view.nodes[last] ?? divide;
  // The axes stay with the node, because they show whether it combines the samples of a batch.
  const [, axes] = average.inputs;
  const inputs = axes === undefined ? [input] : [input, '', '', axes];
  const attributes = new Map([...average.attributes].filter(([name]) => name === 'axes'));
  return { root: last, parts, node: { ...end, operator: 'LayerNormalization', domain: '', inputs, attributes } };
}
