import { type Bound, bounds, type Mode, type Model, type Npu } from '../../design/index.ts';
import { buildServiceTable, cellIndex, placementOf, planResidency, type WeightState } from '../../simulator/index.ts';

/** The time of one request alone on the chip. */
export interface ServiceTime {
  readonly seconds: number;
  /** The fraction of the time in layers that each stage bounds. */
  readonly shares: Readonly<Record<Bound, number>>;
}

/**
 * `base`: with the weights as base mode leaves them. `first`: burst mode with the same weights, for the first request
 * after base mode. `steady`: burst mode with the weights as burst mode leaves them.
 */
export interface ServiceTimes {
  readonly base: ServiceTime;
  readonly first: ServiceTime;
  readonly steady: ServiceTime;
  /** The fraction of the weights, in base format, that are resident in CMEM. */
  readonly residentFraction: number;
  readonly weightBytes: number;
}

/**
 * The service times of one request (batch 1) of a model alone on a chip. Burst times equal those of base mode if the
 * chip has no burst mode.
 */
export function serviceTimes(npu: Npu, model: Model): ServiceTimes {
  const plan = planResidency(npu, [model]);
  const shares = plan.shares[0] ?? new Float64Array(model.layers.length);
  const baseBytes = plan.baseBytes[0] ?? new Float64Array(0);
  const table = buildServiceTable(npu, model, 1, placementOf(plan, 0));
  const time = (mode: Mode, state: WeightState): ServiceTime => {
    const sums = new Float64Array(bounds.length);
    let seconds = 0;
    for (let layer = 0; layer < table.layerCount; layer++) {
      const cell = cellIndex(layer, mode, state);
      const own = table.seconds[cell] ?? 0;
      seconds += own;
      const bound = table.bound[cell] ?? 0;
      sums[bound] = (sums[bound] ?? 0) + own;
    }
    const shares = Object.fromEntries(bounds.map((bound, index) => [bound, (sums[index] ?? 0) / seconds]));
    // One entry exists for each bound, so the cast is safe.
    return { seconds, shares: shares as Record<Bound, number> };
  };
  let resident = 0;
  let total = 0;
  for (const [layer, bytes] of baseBytes.entries()) {
    total += bytes;
    resident += bytes * (shares[layer] ?? 0);
  }
  return {
    base: time('base', 'resident'),
    // Stored copies exist before the request.
    first: time('burst', npu.quantizer.source === 'stored' ? 'resident' : 'convert'),
    steady: time('burst', 'resident'),
    residentFraction: total === 0 ? 1 : resident / total,
    weightBytes: total,
  };
}
