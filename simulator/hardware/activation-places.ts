import type { Graph } from './graph.ts';

/** The memory of a tensor between two layers. */
export const inVmem = 0;
export const inCmem = 1;
export const inHbm = 2;

/** Prices a layer with the current places. */
export interface PlacePricing {
  /** Seconds and HBM bytes of a layer. The next call overwrites the result. */
  price(layer: number): { readonly seconds: number; readonly hbmBytes: number };
  /** Bytes of the working scratchpad that the smallest tiles of a layer need. */
  smallestTileBytes(layer: number): number;
}

/** Where the activations of one mode and batch size are. Mutated by `placeActivations`. */
export interface Places {
  /** For each root layer: the memory of its tensor. */
  readonly places: Uint8Array;
  /** For each layer: bytes of the working scratchpad that its tiles may use, because no activation is there while it runs. */
  readonly freeBytes: Float64Array;
}

/** No activation is on the chip. */
export function emptyPlaces(layers: number, vmemBytes: number): Places {
  return { places: new Uint8Array(layers).fill(inHbm), freeBytes: new Float64Array(layers).fill(vmemBytes) };
}

/**
 * Chooses the memory of each tensor. The results of the model go to HBM, as its input comes from there.
 *
 * First every tensor whose demand fits moves to the large scratchpad, smallest demand first, as far as that makes the model faster (if the
 * scratchpad is the bottleneck of a layer, HBM is a useful second channel). Then tensors move to the working scratchpad, smallest demand
 * first. A tensor there takes space from the tiles of every layer during its lifetime, so it moves only if the model does not become slower.
 * So the share of the working scratchpad that holds activations is chosen layer by layer, and a tensor that does not fit or does not pay is
 * skipped. The order does not depend on any capacity or bandwidth.
 */
export function placeActivations(
  graph: Graph,
  { places, freeBytes }: Places,
  bytesPerSampleElement: number,
  cmemBytes: number,
  pricing: PlacePricing,
): void {
  const seconds = new Float64Array(places.length).fill(-1);
  const hbmBytes = new Float64Array(places.length);
  const remember = (layer: number): void => {
    const cost = pricing.price(layer);
    seconds[layer] = cost.seconds;
    hbmBytes[layer] = cost.hbmBytes;
  };
  if (cmemBytes > 0)
    moveToCmem(graph, places, bytesPerSampleElement, cmemBytes, (layer) => pricing.price(layer).seconds);
  const before: number[] = [];
  // The smallest tiles of a layer depend on the places of the tensors that it reads and writes alone. -1: not known.
  const smallest = new Float64Array(places.length).fill(-1);
  const move = (tensor: number, place: number): void => {
    places[tensor] = place;
    smallest[tensor] = -1;
    for (const reader of graph.readers[tensor] ?? []) smallest[reader] = -1;
  };
  for (const tensor of graph.byDemand) {
    const bytes = (graph.outputElements[tensor] ?? 0) * bytesPerSampleElement;
    const last = graph.death[tensor] ?? tensor;
    if (!fits(tensor, last, bytes)) continue;
    const place = places[tensor] ?? inHbm;
    before.length = 0;
    let gain = 0;
    let saved = 0;
    for (let layer = tensor; layer <= last; layer++) {
      if (graph.root[layer] !== layer) continue;
      if (seconds[layer] === -1) remember(layer);
      before.push(seconds[layer] ?? 0, hbmBytes[layer] ?? 0);
      gain += seconds[layer] ?? 0;
      saved += hbmBytes[layer] ?? 0;
    }
    move(tensor, inVmem);
    occupy(tensor, last, bytes);
    for (let layer = tensor; layer <= last; layer++) {
      if (graph.root[layer] !== layer) continue;
      remember(layer);
      gain -= seconds[layer] ?? 0;
      saved -= hbmBytes[layer] ?? 0;
    }
    // Sums round, so a difference of 1e-12 of the time counts as none.
    const tolerance = 1e-12 * before.reduce((sum, value, at) => (at % 2 === 0 ? sum + value : sum), 0);
    if (gain > tolerance || (gain >= -tolerance && saved >= 0)) continue;
    move(tensor, place);
    occupy(tensor, last, -bytes);
    let at = 0;
    for (let layer = tensor; layer <= last; layer++) {
      if (graph.root[layer] !== layer) continue;
      seconds[layer] = before[at++] ?? 0;
      hbmBytes[layer] = before[at++] ?? 0;
    }
  }

  function fits(tensor: number, last: number, bytes: number): boolean {
    for (let layer = tensor; layer <= last; layer++) if (bytes > (freeBytes[layer] ?? 0)) return false;
    for (let layer = tensor; layer <= last; layer++) {
      if (graph.root[layer] !== layer) continue;
      if (smallest[layer] === -1) smallest[layer] = pricing.smallestTileBytes(layer);
      if (bytes + (smallest[layer] ?? 0) > (freeBytes[layer] ?? 0)) return false;
    }
    return true;
  }

  function occupy(tensor: number, last: number, bytes: number): void {
    for (let layer = tensor; layer <= last; layer++) freeBytes[layer] = (freeBytes[layer] ?? 0) - bytes;
  }
}

/**
 * Moves tensors from HBM into the large scratchpad, smallest demand first, and keeps the prefix of this order that makes the model fastest.
 * Every prefix is also possible in a larger scratchpad, so more capacity is never slower.
 */
function moveToCmem(
  graph: Graph,
  places: Uint8Array,
  bytesPerSampleElement: number,
  cmemBytes: number,
  secondsOf: (layer: number) => number,
): void {
  const seconds = new Float64Array(places.length).fill(-1);
  const secondsBefore = (layer: number): number => {
    const known = seconds[layer] ?? -1;
    return known === -1 ? secondsOf(layer) : known;
  };
  const moved: number[] = [];
  let gain = 0;
  let bestGain = 0;
  let best = 0;
  for (const tensor of graph.byDemand) {
    if ((graph.demandElements[tensor] ?? 0) * bytesPerSampleElement > cmemBytes) break;
    const readers = graph.readers[tensor] ?? [];
    gain += secondsBefore(tensor);
    for (const layer of readers) gain += secondsBefore(layer);
    places[tensor] = inCmem;
    moved.push(tensor);
    for (let at = -1; at < readers.length; at++) {
      const layer = at === -1 ? tensor : (readers[at] ?? tensor);
      const now = secondsOf(layer);
      seconds[layer] = now;
      gain -= now;
    }
    if (gain >= bestGain) {
      bestGain = gain;
      best = moved.length;
    }
  }
  for (const tensor of moved.slice(best)) places[tensor] = inHbm;
}
