import type { Npu } from '../../design/index.ts';
import type { Graph } from './graph.ts';

/** The memory of a tensor between two layers. */
export const inVmem = 0;
export const inCmem = 1;
export const inHbm = 2;

/** The part of the working scratchpad that keeps activations. The other half buffers tiles. */
export function activationVmemBytes(npu: Npu): number {
  return npu.vmem.capacityBytes / 2;
}

/**
 * The memory of each layer's tensor: the working scratchpad if the demand of the tensor fits there, otherwise HBM. The results of the model go
 * to HBM, as its input comes from there.
 */
export function placeActivations(graph: Graph, bytesPerSampleElement: number, vmemBytes: number): Uint8Array {
  const places = new Uint8Array(graph.demandElements.length).fill(inHbm);
  for (const tensor of graph.bySpaceBenefit) {
    if ((graph.demandElements[tensor] ?? 0) * bytesPerSampleElement <= vmemBytes) places[tensor] = inVmem;
  }
  return places;
}

/**
 * Moves tensors from HBM into the space that weights leave in the large scratchpad, smallest demand first. It keeps the prefix of this order
 * that makes the model fastest: if the scratchpad is the bottleneck of a layer, HBM is a useful second channel. Every prefix is also possible
 * in a larger scratchpad, so more capacity is never slower. Mutates `places`.
 *
 * @param secondsOf the time of a layer with the current `places`.
 */
export function moveToCmem(
  graph: Graph,
  places: Uint8Array,
  bytesPerSampleElement: number,
  cmemBytes: number,
  secondsOf: (layer: number) => number,
): void {
  const demandOf = (tensor: number) => (graph.demandElements[tensor] ?? 0) * bytesPerSampleElement;
  const candidates = graph.bySpaceBenefit
    .filter((tensor) => places[tensor] === inHbm && demandOf(tensor) <= cmemBytes)
    .toSorted((a, b) => demandOf(a) - demandOf(b) || a - b);
  if (candidates.length === 0) return;
  const seconds = new Map<number, number>();
  const secondsBefore = (layer: number) => seconds.get(layer) ?? secondsOf(layer);
  let gain = 0;
  let bestGain = 0;
  let best = 0;
  for (const [position, tensor] of candidates.entries()) {
    const touched = [tensor, ...(graph.readers[tensor] ?? [])];
    for (const layer of touched) gain += secondsBefore(layer);
    places[tensor] = inCmem;
    for (const layer of touched) {
      const now = secondsOf(layer);
      seconds.set(layer, now);
      gain -= now;
    }
    if (gain >= bestGain) {
      bestGain = gain;
      best = position + 1;
    }
  }
  for (const tensor of candidates.slice(best)) places[tensor] = inHbm;
}
