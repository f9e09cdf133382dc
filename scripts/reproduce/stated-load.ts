import type { Scenario } from '../../design/index.ts';
import { capacity, leastLoad, runInputOf, type TableCache } from '../../simulator/index.ts';
import { type Probe, probe } from './probe.ts';
import { batchedFor, type Contender } from './subjects.ts';
import { atLoad, type Effort, type Offer } from './traffic.ts';

/**
 * The most requests of one run of a search. With them, the interval of the largest load under Poisson traffic is at
 * most 5 % wide at 99 % confidence.
 */
export const budgetRequests = 4_000_000;
/** The budget of a shortened experiment is never smaller. */
const leastBudget = 10_000;
/** The search stops at two neighbouring loads that differ by this fraction. */
export const tolerance = 0.01;

/** The largest load within the objectives, as an interval at the scenario's confidence. */
export interface StatedLoad {
  /** The largest tried load at which every objective is met; null if there is none. */
  readonly metRps: number | null;
  /** The smallest tried load above it at which an objective is violated; null if there is none. */
  readonly violatedRps: number | null;
  /** No schedule of these chips can complete more requests. */
  readonly saturationRps: number;
  /** A run at `metRps`; null if there is no such load. */
  readonly at: Probe | null;
}

/** A search under Poisson traffic whose interval is wider than this part of the load is repeated with twice the requests. */
export const widestInterval = 0.05;
/** How often a search of the whole experiment is repeated at most. Our assumption: it limits the time of the experiment. */
export const mostRepeats = 2;

/**
 * The search of `stimpack capacity`, which requires confidence at every load. Requests are spent where they are needed: a
 * search whose interval is too wide is repeated with more of them.
 */
export function statedLoad(
  offer: Offer,
  contender: Contender,
  effort: Effort,
  cache: TableCache,
  repeats: number,
): StatedLoad {
  let spent = effort;
  let found = searched(offer, contender, spent, cache);
  for (let repeat = 0; repeat < repeats && offer.traffic === 'poisson' && !isNarrow(found); repeat++) {
    spent *= 2;
    found = searched(offer, contender, spent, cache);
  }
  const { metRps } = found;
  return { ...found, at: metRps === null ? null : probe(atLoad(offer, metRps), contender, metRps, cache) };
}

function isNarrow({ metRps, violatedRps }: Omit<StatedLoad, 'at'>): boolean {
  return metRps !== null && violatedRps !== null && violatedRps - metRps <= widestInterval * metRps;
}

function searched(offer: Offer, contender: Contender, effort: Effort, cache: TableCache): Omit<StatedLoad, 'at'> {
  const { npu, scheduler } = contender;
  const scenario: Scenario = {
    ...batchedFor(atLoad(offer, 1), contender),
    npu,
    scheduler,
    compare: [],
    duration: { kind: 'auto', maxRequests: Math.max(leastBudget, Math.round(budgetRequests * effort)) },
  };
  const found = capacity(scenario, { tolerance });
  if (found === undefined) throw new Error('the search of the largest load was cancelled');
  return {
    metRps: found.low?.offeredRps ?? null,
    violatedRps: found.high?.offeredRps ?? null,
    saturationRps: 1 / leastLoad(runInputOf(scenario, scenario.name, npu, scheduler, cache)),
  };
}
