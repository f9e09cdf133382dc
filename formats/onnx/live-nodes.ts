import { type GraphBody, type GraphNode, readsOf } from './graph.ts';

/**
 * The nodes that an output of the graph depends on. Every runtime removes the others before it runs. `ordered`: the nodes, each after those whose
 * outputs it reads. If no node makes an output, the list of outputs is wrong, and all nodes are kept.
 */
export function liveNodes(graph: GraphBody, ordered: readonly GraphNode[]): readonly GraphNode[] {
  const wanted = new Set(graph.outputs.map(({ name }) => name));
  const isLive = new Uint8Array(ordered.length);
  let count = 0;
  for (let index = ordered.length - 1; index >= 0; index--) {
    const node = ordered[index];
    if (node === undefined || !node.outputs.some((name) => wanted.has(name))) continue;
    isLive[index] = 1;
    count++;
    for (const name of readsOf(node)) wanted.add(name);
  }
  return count === 0 || count === ordered.length ? ordered : ordered.filter((_, index) => isLive[index] === 1);
}
