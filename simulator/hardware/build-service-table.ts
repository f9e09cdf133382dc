import { bounds, type Model, type Npu } from '../../design/index.ts';
import { cellIndex, type ServiceTable, weightStates } from '../service-table.ts';
import { boundOf } from './cell.ts';
import { evaluateMode, modesOf } from './evaluation.ts';
import { planResidency } from './residency.ts';

/**
 * Seconds for each layer, mode and weight state (see ServiceTable). If the chip has no burst mode, the cells of burst repeat those of base.
 * `activationBytes`: the part of the large scratchpad that the plan of all models leaves for activations. If it is absent, this model is
 * alone on the chip.
 */
export function buildServiceTable(npu: Npu, model: Model, batch: number, activationBytes?: number): ServiceTable {
  const available = activationBytes ?? planResidency(npu, [model]).activationBytes ?? 0;
  const layerCount = model.layers.length;
  const seconds = new Float64Array(layerCount * 6);
  const bound = new Uint8Array(layerCount * 6);
  let joules: Float64Array | null = npu.energy === null ? null : new Float64Array(layerCount * 6);
  const modes = modesOf(npu);
  for (const mode of modes) {
    const evaluation = evaluateMode(npu, model, mode, batch, available);
    if (evaluation === null) continue;
    for (let layer = 0; layer < layerCount; layer++) {
      for (const state of weightStates) {
        const cell = cellIndex(layer, mode, state);
        if (state === 'fetch' && !evaluation.facts.converts) {
          // If the chip converts nothing, `convert` is a fetch.
          continue;
        }
        const own = state === 'convert' && !evaluation.facts.converts ? 'fetch' : state;
        const priced = evaluation.price(layer, own);
        seconds[cell] = priced.cost.seconds;
        bound[cell] = bounds.indexOf(boundOf(priced.demand, priced.cost));
        if (joules !== null) {
          const value = evaluation.joules(layer, own, priced);
          if (value === null) joules = null;
          else joules[cell] = value;
        }
        if (state === 'convert' && !evaluation.facts.converts) {
          const fetch = cellIndex(layer, mode, 'fetch');
          seconds[fetch] = seconds[cell] ?? 0;
          bound[fetch] = bound[cell] ?? 0;
          if (joules !== null) joules[fetch] = joules[cell] ?? 0;
        }
      }
    }
  }
  if (modes.length === 1) {
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
  return { batch, layerCount, seconds, bound, joules };
}
