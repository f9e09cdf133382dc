import type { Mode, Npu, Scenario } from '../../design/index.ts';
import {
  cellIndex,
  largestBatches,
  placementOf,
  planResidency,
  type ServiceTable,
  TableCache,
  type WeightState,
} from '../../simulator/index.ts';
import { type Capacity, findCapacity, findInterval, type LoadInterval, Runs } from './capacity.ts';
import { type Probe, probe } from './probe.ts';
import type { Contender, Scheme, Subject } from './subjects.ts';
import { atLoad, type Effort, type Offer, offerOf, requestShares, type Traffic, usualLoad } from './traffic.ts';

/**
 * The stricter of the two accuracy targets in MLPerf Inference's rules, as a fraction of the full precision's accuracy.
 */
export const nearIdeal = 0.999;

export type AtBaseline = Readonly<Record<'tpuv4i' | 'on-chip', Probe> & Record<Scheme, Probe | 'late'>>;

/** The results of one subject under one kind of traffic. */
export interface ServingFindings {
  readonly subject: string;
  readonly traffic: Traffic;
  readonly capacity: Readonly<Record<Scheme, Capacity>>;
  /** For the two schemes that are compared; null if they have no such load. */
  readonly interval: Readonly<Record<'tpuv4i' | 'on-chip', LoadInterval | null>>;
  /** The capacity of `on-chip` if no network's served accuracy is below `nearIdeal` of base mode's. */
  readonly accurate: Capacity;
  /**
   * Every contender at the largest load of TPUv4i; null if TPUv4i has none. A scheme with a smaller capacity is late
   * there. Only the compared scheme reports by how much, because the latency of a growing queue depends on the length
   * of the run.
   */
  readonly atBaseline: AtBaseline | null;
  /** The number of runs. */
  readonly runs: number;
}

/** Seconds per request of a batch, with each layer in the best of the possible states. */
function secondsPerRequest(table: ServiceTable, mode: Mode, states: readonly WeightState[]): number {
  let seconds = 0;
  for (let layer = 0; layer < table.layerCount; layer++) {
    let least = Number.POSITIVE_INFINITY;
    for (const state of states) least = Math.min(least, table.seconds[cellIndex(layer, mode, state)] ?? 0);
    seconds += least;
  }
  return seconds / table.batch;
}

const anyState: readonly WeightState[] = ['resident', 'convert', 'fetch'];
/** The weights that have a place are there. */
const inPlace: readonly WeightState[] = ['resident'];

/** Loads at which a chip is always busy, in requests per second over all networks. */
interface Saturation {
  /** With every request at its best batch, mode and place of weights: an upper bound of every load. */
  readonly most: number;
  /** With every request at its best batch and the weights in their places: in any mode, or in burst mode only. */
  readonly usual: number;
  readonly burst: number;
}

function saturationOf(scenario: Scenario, shares: readonly number[], npu: Npu, cache: TableCache): Saturation {
  const models = [...new Set(scenario.serves.map((serve) => serve.model))];
  const plan = planResidency(npu, models, largestBatches(models, scenario.serves));
  let [most, usual, burst] = [0, 0, 0];
  for (const [index, serve] of scenario.serves.entries()) {
    const share = shares[index] ?? 0;
    const placement = placementOf(plan, models.indexOf(serve.model));
    const tables = cache.tables(npu, serve.model, serve.batch.maxSize, placement);
    const least = (mode: Mode, states: readonly WeightState[]) =>
      Math.min(...tables.map((table) => secondsPerRequest(table, mode, states)));
    // Burst cells equal base cells if the chip has no burst mode.
    most += share * Math.min(least('base', anyState), least('burst', anyState));
    burst += share * least('burst', inPlace);
    usual += share * Math.min(least('base', inPlace), least('burst', inPlace));
  }
  return { most: 1 / most, usual: 1 / usual, burst: 1 / burst };
}

/** All runs of one contender, at any load, and the start of a search for the largest load. */
export class ContenderRuns extends Runs {
  /** The load of the chip if it is always busy, in the modes that its scheduler may use. */
  readonly usual: number;

  constructor(offer: Offer, contender: Contender, cache: TableCache) {
    const { most, usual, burst } = saturationOf(offer.scenario, offer.shares, contender.npu, cache);
    super((rps) => probe(atLoad(offer, rps), contender, rps, cache), most * 1.05);
    this.usual = contender.scheduler.burst.kind === 'always' ? burst : usual;
  }
}

/** The offered load of a scenario under one kind of traffic. */
export function offered(scenario: Scenario, traffic: Traffic, effort: Effort, cache: TableCache): Offer {
  const { usual } = saturationOf(scenario, requestShares(scenario), scenario.npu, cache);
  return offerOf(scenario, traffic, usual, effort);
}

/** The start of a search without earlier results. */
export function firstGuess({ usual }: ContenderRuns, traffic: Traffic): number {
  return usual * usualLoad[traffic];
}

/** The start of a search when the capacity of another chip is known: in proportion to the saturation of both. */
function guessFrom(known: Capacity, knownRuns: ContenderRuns, runs: ContenderRuns, traffic: Traffic): number {
  return known.at === null ? firstGuess(runs, traffic) : (known.at.rps * runs.usual) / knownRuns.usual;
}

export function serve(subject: Subject, traffic: Traffic, effort: Effort): ServingFindings {
  const { scenario, contenders } = subject;
  const cache = new TableCache();
  const offer = offered(scenario, traffic, effort, cache);
  const runs = (scheme: Scheme) => new ContenderRuns(offer, contenders[scheme], cache);
  const all: Readonly<Record<Scheme, ContenderRuns>> = {
    tpuv4i: runs('tpuv4i'),
    'on-chip': runs('on-chip'),
    'off-chip': runs('off-chip'),
    stored: runs('stored'),
    always: runs('always'),
    oracle: runs('oracle'),
  };
  const from = (scheme: Scheme, known: Scheme, capacity: Capacity) =>
    findCapacity(all[scheme], guessFrom(capacity, all[known], all[scheme], traffic));
  const tpuv4i = findCapacity(all.tpuv4i, firstGuess(all.tpuv4i, traffic));
  const onChip = from('on-chip', 'tpuv4i', tpuv4i);
  const offChip = from('off-chip', 'on-chip', onChip);
  const stored = from('stored', 'off-chip', offChip);
  const always = from('always', 'on-chip', onChip);
  const oracle = findCapacity(all.oracle, always.at?.rps ?? firstGuess(all.oracle, traffic));
  const isAccurate = (one: Probe) => one.within && (one.accuracy ?? 0) >= nearIdeal;
  const accurate =
    onChip.step === null || onChip.at === null || isAccurate(onChip.at)
      ? onChip
      : findCapacity(all['on-chip'], tpuv4i.at?.rps ?? onChip.at.rps / 2, isAccurate, onChip.step);
  const capacity = { tpuv4i, 'on-chip': onChip, 'off-chip': offChip, stored, always, oracle };
  const { step } = tpuv4i;
  const at = (scheme: Scheme, baseline: number) =>
    (capacity[scheme].step ?? 0) < baseline ? 'late' : all[scheme].at(baseline);
  return {
    subject: subject.name,
    traffic,
    capacity,
    interval: {
      tpuv4i: step === null ? null : findInterval(all.tpuv4i, step),
      'on-chip': onChip.step === null ? null : findInterval(all['on-chip'], onChip.step),
    },
    accurate,
    atBaseline:
      step === null
        ? null
        : {
            tpuv4i: all.tpuv4i.at(step),
            'on-chip': all['on-chip'].at(step),
            'off-chip': at('off-chip', step),
            stored: at('stored', step),
            always: at('always', step),
            oracle: at('oracle', step),
          },
    runs: Object.values(all).reduce((sum, one) => sum + one.count, 0),
  };
}
