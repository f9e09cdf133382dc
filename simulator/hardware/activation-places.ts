import type { Npu } from '../../design/index.ts';
import type { Graph } from './graph.ts';

/** Where a tensor between two layers lies. */
export const inVmem = 0;
export const inCmem = 1;
export const inHbm = 2;

/** The part of the working scratchpad that keeps activations; the other half buffers tiles. */
export function activationVmemBytes(npu: Npu): number {
  return npu.vmem.capacityBytes / 2;
}

/**
 * Per layer, where its tensor lies: in the working scratchpad while its turn in the graph's order fits there, else in
 * what weights leave of the large one, else in HBM. The model's results leave through HBM, as its input comes from there.
 */
export function placeActivations(
  graph: Graph,
  bytesPerSampleElement: number,
  vmemBytes: number,
  cmemBytes: number,
): Uint8Array {
  const places = new Uint8Array(graph.demandElements.length).fill(inHbm);
  for (const tensor of graph.bySpaceBenefit) {
    const demand = (graph.demandElements[tensor] ?? 0) * bytesPerSampleElement;
    places[tensor] = demand <= vmemBytes ? inVmem : demand <= cmemBytes ? inCmem : inHbm;
  }
  return places;
}
