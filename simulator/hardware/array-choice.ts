import type { Mode, Model, Npu } from '../../design/index.ts';
import { arrayViews } from '../../design/index.ts';
import type { WeightState } from '../service-table.ts';
import { cellEvaluator } from './cell.ts';
import { type LayerWork, worksOf } from './layer-work.ts';
import { type ModeFacts, modeFacts } from './mode-facts.ts';
import { type PreparedModel, prepare } from './prepared.ts';
import type { TiledCost } from './tile-cost.ts';
import type { LayerDemand } from './tile-demand.ts';

/** One kind of array of a chip, prepared to run every layer of a model in one mode. */
export interface ArrayCandidate {
  /** The chip with this kind of array alone. */
  readonly chip: Npu;
  readonly facts: ModeFacts;
  readonly prepared: PreparedModel;
  /** For each layer: its work on this kind. */
  readonly works: readonly LayerWork[];
}

/** The name of the kind, or its size: "32 x 32". */
export function arrayName({ chip }: ArrayCandidate): string {
  const { name, rows, columns } = chip.array;
  return name ?? `${rows} x ${columns}`;
}

/** A layer on the kind of array that was chosen for it. */
export interface PricedLayer {
  readonly demand: LayerDemand;
  readonly cost: TiledCost;
  readonly work: LayerWork;
  readonly on: ArrayCandidate;
}

/** Prices layers on the kind of array that is fastest for each. */
export interface ArrayChooser {
  /** Prices a layer. The next call overwrites the result. */
  price(index: number, state: WeightState): PricedLayer;
  /** Seconds of the layer of the last call of `price` on the same array, if all its weights are in the working scratchpad already. */
  prefetchedSeconds(index: number, state: WeightState): number;
  /** Bytes of the working scratchpad that the smallest tiles of a layer need, on the kind that needs the least. */
  smallestTileBytes(index: number): number;
}

/** The kinds of arrays of a chip. null if the chip does not have the mode. */
export function arrayCandidates(npu: Npu, model: Model, mode: Mode, batch: number): readonly ArrayCandidate[] | null {
  const candidates: ArrayCandidate[] = [];
  for (const chip of arrayViews(npu)) {
    const facts = modeFacts(npu, model, mode, chip.array);
    if (facts === null) return null;
    const prepared = prepare(model, batch, chip.array.convolution ?? 'im2col');
    candidates.push({ chip, facts, prepared, works: worksOf(chip, prepared, facts) });
  }
  return candidates;
}

/** The parameters are those of `cellEvaluator`. They are the same for all kinds of arrays, because the kinds share the memories. */
export function arrayChooser(
  candidates: readonly ArrayCandidate[],
  places: Uint8Array,
  freeBytes: Float64Array,
  residentShares: Float64Array,
  dispatchSeconds: Float64Array,
): ArrayChooser {
  const evaluators = candidates.map(({ chip, prepared, facts }) =>
    cellEvaluator(chip, prepared, facts, places, freeBytes, residentShares, dispatchSeconds),
  );
  const priceOn = (at: number, index: number, state: WeightState): PricedLayer => {
    const on = candidates[at];
    const evaluator = evaluators[at];
    const work = on?.works[index];
    if (on === undefined || evaluator === undefined || work === undefined) throw new Error(`no layer ${index}`);
    const { demand, cost } = evaluator.evaluate(index, work, state);
    return { demand, cost, work, on };
  };
  let last = 0;
  return {
    price(index, state) {
      last = 0;
      let best = priceOn(0, index, state);
      for (let at = 1; at < candidates.length; at++) {
        const other = priceOn(at, index, state);
        if (!isBetter(other, best, freeBytes[index] ?? 0)) continue;
        best = other;
        last = at;
      }
      return best;
    },
    prefetchedSeconds(index, state) {
      const work = candidates[last]?.works[index];
      return work === undefined
        ? Number.POSITIVE_INFINITY
        : (evaluators[last]?.evaluatePrefetched(index, work, state) ?? Number.POSITIVE_INFINITY);
    },
    smallestTileBytes(index) {
      let least = Number.POSITIVE_INFINITY;
      for (const [at, evaluator] of evaluators.entries()) {
        const work = candidates[at]?.works[index];
        if (work !== undefined) least = Math.min(least, evaluator.smallestTileBytes(index, work));
      }
      return least;
    },
  };
}

/** Sums round differently, so times within this relative difference count as equal. */
const rounding = 1e-12;

/**
 * An array whose smallest tiles fit into the working scratchpad comes first, then the one with the shorter time, with less traffic of the off-chip
 * memory, and with less time of the arrays. Among equals, the first in the file.
 */
function isBetter({ cost }: PricedLayer, best: PricedLayer, freeBytes: number): boolean {
  const fits = cost.tileBytes <= freeBytes;
  if (fits !== best.cost.tileBytes <= freeBytes) return fits;
  for (const key of ['seconds', 'hbmBytes', 'computeSeconds'] as const) {
    if (cost[key] < best.cost[key] * (1 - rounding)) return true;
    if (cost[key] > best.cost[key] * (1 + rounding)) return false;
  }
  return false;
}
