import { capacity, runInputOf, TableCache } from '../../simulator/index.ts';
import { leastLoad } from '../../simulator/serving/index.ts';
import { tinyScenario, tinyServe } from '../../test/simulator/explore/fixtures.ts';
import { plainTpu } from '../../test/simulator/hardware/fixtures.ts';
import { latencySlo, poisson } from '../../test/simulator/serving/fixtures.ts';
import { md1WaitQuantile } from '../../test/simulator/serving/queueing-theory.ts';

/** In requests per second. `high` is Infinity if no load violated the objective. */
export interface ExactCapacity {
  readonly truthRps: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Searches the capacity of a chip that is an M/D/1 queue: Poisson arrivals, and one request at a time in base mode. The limit is
 * the exact 99th percentile at the load `load`, so this load is the true capacity.
 */
export function exactCapacity(load: number, seed: number, maxRequests: number): ExactCapacity {
  const rate = 1000;
  const design = (limitSeconds: number) =>
    tinyScenario({
      npu: plainTpu,
      seed,
      duration: { kind: 'auto', maxRequests },
      serves: [
        tinyServe({
          arrivals: poisson(rate),
          batch: { maxSize: 1, timeoutSeconds: 0 },
          slos: [latencySlo(0.99, limitSeconds)],
        }),
      ],
    });
  const plain = design(1);
  const serviceSeconds = leastLoad(runInputOf(plain, 'S', plain.npu, plain.scheduler, new TableCache())) / rate;
  const found = capacity(design(serviceSeconds * (1 + md1WaitQuantile(load, 0.99))));
  return {
    truthRps: load / serviceSeconds,
    low: found?.low?.offeredRps ?? 0,
    high: found?.high?.offeredRps ?? Number.POSITIVE_INFINITY,
  };
}
