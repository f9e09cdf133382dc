import type { Bound } from '../../design/index.ts';
import { bounds } from '../../design/index.ts';
import type { TiledCost } from './tile-cost.ts';
import type { LayerDemand } from './tile-demand.ts';

/**
 * The resource that takes the most time. Among equals, the first in `bounds`.
 *
 * @param hiddenHbmSeconds time of HBM before the layer starts (prefetch).
 */
export function boundOf(demand: LayerDemand, cost: TiledCost, hiddenHbmSeconds: number): Bound {
  writeStages(demand, cost, oneLayer, 0);
  return bounds[longestStage(oneLayer, 0, hiddenHbmSeconds)] ?? 'compute';
}

const oneLayer = new Float64Array(bounds.length);
const hbmStage = bounds.indexOf('hbm');

/** Writes the seconds of each stage of a layer, in the order of `bounds`. */
export function writeStages(demand: LayerDemand, cost: TiledCost, into: Float64Array, layer: number): void {
  for (let stage = 0; stage < bounds.length; stage++)
    into[layer * bounds.length + stage] = stageSeconds(bounds[stage] ?? 'compute', demand, cost);
}

/** Index into `bounds` of the longest stage of a layer. Among equals, the first. */
export function longestStage(stages: Float64Array, layer: number, hiddenHbmSeconds: number): number {
  const from = layer * bounds.length;
  let bound = 0;
  let longest = stages[from] ?? 0;
  for (let stage = 1; stage < bounds.length; stage++) {
    const seconds = (stages[from + stage] ?? 0) - (stage === hbmStage ? hiddenHbmSeconds : 0);
    if (seconds > longest) {
      longest = seconds;
      bound = stage;
    }
  }
  return bound;
}

export function stageSeconds(stage: Bound, demand: LayerDemand, cost: TiledCost): number {
  switch (stage) {
    case 'compute':
      return cost.computeSeconds;
    case 'vector':
      return demand.vectorSeconds;
    case 'vmem':
      return cost.vmemSeconds;
    case 'cmem':
      return cost.cmemSeconds;
    case 'hbm':
      return cost.hbmSeconds;
    case 'quantizer':
      return cost.quantizeSeconds;
    case 'dispatch':
      return demand.dispatchSeconds;
  }
}
