import {
  type Duration,
  type ModelCost,
  modes,
  type RunResult,
  type Scenario,
  type ScenarioResult,
  servesSequences,
  withVariant,
} from '../design/index.ts';
import { costModel, onEachChip } from './hardware/index.ts';
import { type KeepTables, runInputOf, TableCache } from './run-input.ts';
import { type RunInput, type RunOptions, simulateRun } from './serving/index.ts';
import { typicalSteps } from './steps-input.ts';

export interface ScenarioOptions extends Pick<RunOptions, 'isCancelled' | 'onProgress'> {
  /** Called with a result without variants as soon as its verdicts are known, before the runs of the variants. */
  readonly onMain?: (result: ScenarioResult) => void;
  /** Reuses tables of earlier scenarios. By default, the tables are computed again. */
  readonly keep?: KeepTables;
}

/** Simulates a scenario and its variants with the same traffic. undefined: the simulation was cancelled. */
export function simulateScenario(scenario: Scenario, options: ScenarioOptions = {}): ScenarioResult | undefined {
  const own = new TableCache();
  const keep = options.keep ?? ((same: Scenario) => ({ scenario: same, cache: own }));
  const inputOf = (label: string, shown: Scenario): RunInput => {
    const kept = keep(shown);
    return runInputOf(kept.scenario, label, kept.scenario.npu, shown.scheduler, kept.cache, keep);
  };
  const runs = 1 + scenario.compare.length;
  const part = (index: number): RunOptions => {
    const { onProgress, isCancelled } = options;
    return {
      ...(isCancelled === undefined ? {} : { isCancelled }),
      ...(onProgress === undefined ? {} : { onProgress: (fraction) => onProgress((index + fraction) / runs) }),
    };
  };
  const main = simulateRun(inputOf(scenario.name, scenario), part(0));
  if (main === undefined) return undefined;
  const { name, origin } = scenario;
  const result: ScenarioResult = {
    scenario: name,
    origin,
    main,
    variants: [],
    layers: layerCosts(scenario),
    ...stepsOf(scenario, main),
  };
  options.onMain?.(result);
  const duration = asLongAs(scenario, main.seconds);
  const variants: RunResult[] = [];
  for (const [index, variant] of scenario.compare.entries()) {
    const input = inputOf(variant.label, withVariant(scenario, variant));
    const run = simulateRun({ ...input, duration }, part(index + 1));
    if (run === undefined) return undefined;
    variants.push(run);
  }
  return { ...result, variants };
}

/**
 * The duration of the variants. If the main run ends when its verdicts are decided, the variants run for the same time, because
 * latencies that grow during a run can be compared only over the same time. A trace or a number of requests is the same for all
 * runs anyway.
 */
export function asLongAs(scenario: Scenario, seconds: number): Duration {
  const { duration, serves } = scenario;
  const replays = serves.some((serve) => serve.arrivals.kind === 'trace');
  return duration.kind === 'auto' && !replays ? { kind: 'time', seconds } : duration;
}

/** The costs of each served network in each mode of the chip, with batch size 1 in steady state. */
function layerCosts(scenario: Scenario): ModelCost[] {
  const models = [...new Set(scenario.serves.map((serve) => onEachChip(serve).model))];
  const own = modes.filter((mode) => mode === 'base' || scenario.npu.burst !== null);
  return models.flatMap((model) => own.map((mode) => costModel(scenario.npu, model, mode, 1)));
}

/** The typical steps of a language model. */
function stepsOf({ serves, npu }: Scenario, { serves: [served] }: RunResult): Pick<ScenarioResult, 'steps'> {
  const serve = serves.find(servesSequences);
  return serve === undefined || served === undefined ? {} : { steps: typicalSteps(serve, npu, served) };
}
