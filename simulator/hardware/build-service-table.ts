import { type Mode, type Model, type Npu, type WeightCopies, weightCopiesOf } from '../../design/index.ts';
import { cellIndex, type ServiceTable, type WeightState, weightStates } from '../service-table.ts';
import { batchSplitter } from './batch-split.ts';
import { ratesOf } from './chip-rates.ts';
import { evaluateMode, everythingPlaced, type ModeEvaluation, modesOf, type Placement } from './evaluation.ts';
import { longestStage } from './stages.ts';

/**
 * The tables of the batch sizes 1 to `largest`: seconds for each layer, mode and weight state (see ServiceTable). If the chip has no burst
 * mode, the cells of burst repeat those of base. A batch runs in parts where that is faster (see batchSplitter).
 *
 * @param placement the part of the large scratchpad that the plan of all models leaves for this one. Default: all its weights have a place, and
 * there is no space for activations.
 */
export function buildServiceTables(npu: Npu, model: Model, largest: number, placement?: Placement): ServiceTable[] {
  const place = placement ?? everythingPlaced(model, 0);
  const pricers = modesOf(npu).map((mode) => modePricer(npu, model, mode, place));
  return Array.from({ length: largest }, (_, at) => tableOf(npu, model, at + 1, pricers));
}

/** The table of one batch size. */
export function buildServiceTable(npu: Npu, model: Model, batch: number, placement?: Placement): ServiceTable {
  const place = placement ?? everythingPlaced(model, 0);
  return tableOf(
    npu,
    model,
    batch,
    modesOf(npu).map((mode) => modePricer(npu, model, mode, place)),
  );
}

/** Prices a model in one mode for any batch size. */
export interface ModePricer {
  readonly mode: Mode;
  /** A batch that runs undivided. */
  evaluation(batch: number): ModeEvaluation;
  /** The sizes of the parts in which a batch runs fastest. */
  parts(batch: number): readonly number[];
}

export function modePricer(npu: Npu, model: Model, mode: Mode, placement: Placement): ModePricer {
  const known = new Map<number, ModeEvaluation>();
  const evaluation = (batch: number): ModeEvaluation => {
    let found = known.get(batch);
    if (found === undefined) {
      const made = evaluateMode(npu, model, mode, batch, placement);
      if (made === null) throw new Error(`${npu.name} has no ${mode} mode`);
      found = made;
      known.set(batch, found);
    }
    return found;
  };
  const split = batchSplitter((batch) => evaluation(batch).chain('resident').totalSeconds);
  return { mode, evaluation, parts: (batch) => split(batch).parts };
}

function tableOf(npu: Npu, model: Model, batch: number, pricers: readonly ModePricer[]): ServiceTable {
  const layerCount = model.layers.length;
  const seconds = new Float64Array(layerCount * 6);
  const bound = new Uint8Array(layerCount * 6);
  const joules = npu.energy === null ? null : new Float64Array(layerCount * 6);
  let hasEnergy = joules !== null;
  const hbmRate = ratesOf(npu).hbm.read;
  for (const pricer of pricers) {
    const parts = pricer.parts(batch);
    for (const state of weightStates) {
      for (const [part, size] of parts.entries()) {
        const evaluation = pricer.evaluation(size);
        // After the first part, all weights that have a place are there in the format of the mode.
        const own = part > 0 ? 'resident' : stateOf(evaluation, state, weightCopiesOf(npu));
        const chain = evaluation.chain(own);
        if (chain.joules === null) hasEnergy = false;
        for (let layer = 0; layer < layerCount; layer++) {
          const cell = cellIndex(layer, pricer.mode, state);
          seconds[cell] = (seconds[cell] ?? 0) + (chain.seconds[layer] ?? 0);
          if (part === 0) {
            bound[cell] = longestStage(chain.stages, layer, (chain.prefetchedBytes[layer] ?? 0) / hbmRate);
          }
          if (joules !== null) joules[cell] = (joules[cell] ?? 0) + (chain.joules?.[layer] ?? 0);
        }
      }
    }
  }
  if (pricers.length === 1) {
    for (let layer = 0; layer < layerCount; layer++) {
      for (const state of weightStates) {
        const from = cellIndex(layer, 'base', state);
        const to = cellIndex(layer, 'burst', state);
        seconds[to] = seconds[from] ?? 0;
        bound[to] = bound[from] ?? 0;
        if (joules !== null) joules[to] = joules[from] ?? 0;
      }
    }
  }
  return { batch, layerCount, seconds, bound, joules: hasEnergy ? joules : null };
}

/** If the chip converts nothing, weights in the other format are fetched, unless the copy that is there contains them (`nested`, `shared`). */
function stateOf({ facts }: ModeEvaluation, state: WeightState, copies: WeightCopies): WeightState {
  if (state !== 'convert' || facts.converts) return state;
  return copies === 'shared' || (copies === 'nested' && facts.mode === 'burst') ? 'resident' : 'fetch';
}
