import type { Mode, Npu, Scenario } from '../../design/index.ts';
import {
  cellIndex,
  largestBatches,
  placementOf,
  planResidency,
  type ServiceTable,
  type TableCache,
  type WeightState,
} from '../../simulator/index.ts';
import { Runs } from './capacity.ts';
import { probe } from './probe.ts';
import { batchedFor, type Contender } from './subjects.ts';
import { atLoad, type Effort, type Offer, offerOf, requestShares, type Traffic, usualLoad } from './traffic.ts';

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
    const { most, usual, burst } = saturationOf(
      batchedFor(offer.scenario, contender),
      offer.shares,
      contender.npu,
      cache,
    );
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
