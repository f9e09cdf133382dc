import type { Mode, Npu, Scenario } from '../../design/index.ts';
import { TableCache } from '../../simulator/index.ts';
import { cellIndex, type ServiceTable, type WeightState } from '../../simulator/service-table.ts';
import { type Capacity, findCapacity } from './capacity.ts';
import { type Probe, probe } from './probe.ts';
import { type Contender, type Scheme, type Subject, schemes } from './subjects.ts';
import { atLoad, requestShares, type Traffic } from './traffic.ts';

/** The stricter of the two accuracies that MLPerf Inference's rules ask for, as a fraction of the full precision's. */
export const nearIdeal = 0.999;

/** What one kind of traffic shows of one subject. */
export interface ServingFindings {
  readonly subject: string;
  readonly traffic: Traffic;
  readonly capacity: Readonly<Record<Scheme, Capacity>>;
  /** Of `on-chip`, with no network's served accuracy below `nearIdeal` of base mode's. */
  readonly accurate: Capacity;
  /** Everyone at the largest load of TPUv4i; null where it has none. */
  readonly atBaseline: Readonly<Record<Scheme, Probe>> | null;
}

/** Seconds per request at the batch size that needs fewest, every layer's weights where they are best for it. */
function leastSeconds(tables: readonly ServiceTable[], mode: Mode): number {
  let least = Number.POSITIVE_INFINITY;
  for (const table of tables) {
    let seconds = 0;
    for (let layer = 0; layer < table.layerCount; layer++) {
      const of = (state: WeightState) => table.seconds[cellIndex(layer, mode, state)] ?? 0;
      seconds += Math.min(of('resident'), of('convert'), of('fetch'));
    }
    least = Math.min(least, seconds / table.batch);
  }
  return least;
}

/** A load that no chip of this kind carries for long: requests a second over all networks. */
function saturation(scenario: Scenario, shares: readonly number[], npu: Npu, cache: TableCache): number {
  let seconds = 0;
  for (const [index, serve] of scenario.serves.entries()) {
    const tables = cache.tables(npu, serve.model, serve.batch.maxSize, undefined);
    // Burst's cells repeat base's where the chip has no burst mode.
    seconds += (shares[index] ?? 0) * Math.min(leastSeconds(tables, 'base'), leastSeconds(tables, 'burst'));
  }
  return 1 / seconds;
}

/** Searches the largest load of one contender, between `from` (half of what the arrays can do) and what they can do at most. */
export function capacityOf(
  scenario: Scenario,
  contender: Contender,
  traffic: Traffic,
  cache: TableCache,
  from?: number,
  holds?: (probe: Probe) => boolean,
): Capacity {
  // Shares are the baseline's, whoever is searched.
  const shares = requestShares(scenario);
  const high = saturation(scenario, shares, contender.npu, cache) * 1.05;
  const run = (rps: number) => probe(atLoad(scenario, shares, traffic, rps), contender, rps, cache);
  return findCapacity(run, Math.min(from ?? high / 2, high / 1.1), high, holds);
}

export function serve(subject: Subject, traffic: Traffic): ServingFindings {
  const { scenario, contenders } = subject;
  const cache = new TableCache();
  const shares = requestShares(scenario);
  const baseline = capacityOf(scenario, contenders.tpuv4i, traffic, cache);
  const load = baseline.at?.rps ?? null;
  const capacity: Partial<Record<Scheme, Capacity>> = { tpuv4i: baseline };
  const atBaseline: Partial<Record<Scheme, Probe>> = {};
  for (const scheme of schemes) {
    const contender = contenders[scheme];
    if (scheme !== 'tpuv4i') {
      capacity[scheme] = capacityOf(scenario, contender, traffic, cache, load ?? undefined);
    }
    if (load !== null) {
      atBaseline[scheme] = probe(atLoad(scenario, shares, traffic, load), contender, load, cache);
    }
  }
  const accurate = capacityOf(
    scenario,
    contenders['on-chip'],
    traffic,
    cache,
    load ?? undefined,
    (one) => one.within && (one.accuracy ?? 0) >= nearIdeal,
  );
  return {
    subject: subject.name,
    traffic,
    accurate,
    // Every scheme was filled in above: the casts name that.
    capacity: capacity as Record<Scheme, Capacity>,
    atBaseline: load === null ? null : (atBaseline as Record<Scheme, Probe>),
  };
}
