import { quoted, safeText } from '../../design/index.ts';
import { type GraphBody, type GraphNode, readsOf } from './graph.ts';

/**
 * The nodes in an order in which each node follows the nodes whose outputs it reads. ONNX requires this order, but some exporters violate
 * it. Returns a string if there is none: the cycle, or the tensor that two nodes make.
 */
export function orderNodes(graph: GraphBody): readonly GraphNode[] | string {
  const producer = new Map<string, number>();
  for (const [index, node] of graph.nodes.entries()) {
    for (const output of node.outputs) {
      if (output === '') continue;
      if (producer.has(output)) return `two nodes make the tensor ${quoted(output)}`;
      producer.set(output, index);
    }
  }
  if (isOrdered(graph, producer)) return graph.nodes;
  const waiting = new Int32Array(graph.nodes.length);
  const readers: number[][] = graph.nodes.map(() => []);
  for (const [index, node] of graph.nodes.entries()) {
    for (const input of readsOf(node)) {
      const from = producer.get(input);
      if (from === undefined) continue;
      waiting[index] = (waiting[index] ?? 0) + 1;
      readers[from]?.push(index);
    }
  }
  const ready: number[] = [];
  for (let index = 0; index < waiting.length; index++) if (waiting[index] === 0) ready.push(index);
  const ordered: GraphNode[] = [];
  for (let at = 0; at < ready.length; at++) {
    const index = ready[at] ?? 0;
    const node = graph.nodes[index];
    if (node !== undefined) ordered.push(node);
    for (const reader of readers[index] ?? []) {
      const left = (waiting[reader] ?? 0) - 1;
      waiting[reader] = left;
      if (left === 0) ready.push(reader);
    }
  }
  return ordered.length === graph.nodes.length ? ordered : describeCycle(graph, producer, waiting);
}

function isOrdered(graph: GraphBody, producer: ReadonlyMap<string, number>): boolean {
  return graph.nodes.every((node, index) => readsOf(node).every((input) => (producer.get(input) ?? -1) < index));
}

/**
 * Describes a cycle. It walks backwards from a node that never became ready. After at most as many steps as there are nodes, it reaches a node for
 * the second time.
 */
function describeCycle(graph: GraphBody, producer: ReadonlyMap<string, number>, waiting: Int32Array): string {
  let index = waiting.findIndex((count) => count > 0);
  const seen = new Map<number, number>();
  const path: number[] = [];
  while (!seen.has(index)) {
    seen.set(index, path.length);
    path.push(index);
    const node = graph.nodes[index];
    const before = (node === undefined ? [] : readsOf(node))
      .map((input) => producer.get(input))
      .find((from) => from !== undefined && (waiting[from] ?? 0) > 0);
    if (before === undefined) break;
    index = before;
  }
  const cycle = path.slice(seen.get(index) ?? 0).reverse();
  const label = (at: number) => {
    const node = graph.nodes[at];
    return node === undefined ? '?' : `${safeText(node.operator)} ${quoted(node.name || (node.outputs[0] ?? ''))}`;
  };
  const shown = cycle.slice(0, 6).map(label);
  return `its nodes form a cycle: ${shown.join(' -> ')}${cycle.length > 6 ? ' -> ...' : ''} -> ${label(cycle[0] ?? 0)}`;
}
