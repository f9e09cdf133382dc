import {
  type Duration,
  type ModelCost,
  modes,
  type RunResult,
  type Scenario,
  type ScenarioResult,
} from '../design/index.ts';
import { costModel } from './hardware/index.ts';
import { runInputOf, TableCache } from './run-input.ts';
import { type RunOptions, simulateRun } from './serving/index.ts';

/**
 * A scenario and what it is compared with, each under the same traffic. undefined where it was cancelled. `window` asks for every
 * segment of a part of the main run.
 */
export function simulateScenario(scenario: Scenario, options: RunOptions = {}): ScenarioResult | undefined {
  const cache = new TableCache();
  const runs = 1 + scenario.compare.length;
  const part = (index: number): RunOptions => {
    const { onProgress, isCancelled } = options;
    return {
      ...(isCancelled === undefined ? {} : { isCancelled }),
      ...(onProgress === undefined ? {} : { onProgress: (fraction) => onProgress((index + fraction) / runs) }),
    };
  };
  const mainInput = runInputOf(scenario, scenario.name, scenario.npu, scenario.scheduler, cache);
  const window = options.window === undefined ? {} : { window: options.window };
  const main = simulateRun(mainInput, { ...part(0), ...window });
  if (main === undefined) return undefined;
  const duration = asLongAs(scenario, main.seconds);
  const variants: RunResult[] = [];
  for (const [index, variant] of scenario.compare.entries()) {
    const input = runInputOf(scenario, variant.label, variant.npu, variant.scheduler, cache);
    const run = simulateRun({ ...input, duration }, part(index + 1));
    if (run === undefined) return undefined;
    variants.push(run);
  }
  return { scenario: scenario.name, origin: scenario.origin, main, variants, layers: layerCosts(scenario) };
}

/**
 * A run that ends when its own verdicts are decided sets the length of those beside it: latencies that grow with a run can be compared
 * only over the same time. A trace, or a number of requests, is the same for all as it is.
 */
export function asLongAs(scenario: Scenario, seconds: number): Duration {
  const { duration, serves } = scenario;
  const replays = serves.some((serve) => serve.arrivals.kind === 'trace');
  return duration.kind === 'auto' && !replays ? { kind: 'time', seconds } : duration;
}

/** Every served model in every mode that the chip has, batch 1, steady state. */
function layerCosts(scenario: Scenario): ModelCost[] {
  const models = [...new Set(scenario.serves.map((serve) => serve.model))];
  const own = modes.filter((mode) => mode === 'base' || scenario.npu.burst !== null);
  return models.flatMap((model) => own.map((mode) => costModel(scenario.npu, model, mode, 1)));
}
