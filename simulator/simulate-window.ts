import { type Scenario, type TimelineSegments, withVariant } from '../design/index.ts';
import { runInputOf, TableCache } from './run-input.ts';
import { type RunOptions, simulateRun } from './serving/index.ts';
import { asLongAs } from './simulate-scenario.ts';

/**
 * Every segment in a window of an earlier run. It simulates the run again with the same seed, and stores the window. `run`: 0 for
 * the scenario itself, n for its n-th variant. `runSeconds`: the length of the earlier run. undefined: there is no such run, or
 * the simulation was cancelled.
 */
export function simulateWindow(
  scenario: Scenario,
  run: number,
  runSeconds: number,
  window: { readonly startSeconds: number; readonly endSeconds: number },
  options: Pick<RunOptions, 'isCancelled'> = {},
): TimelineSegments | undefined {
  const variant = scenario.compare[run - 1];
  if (run !== 0 && variant === undefined) return undefined;
  const shown = variant === undefined ? scenario : withVariant(scenario, variant);
  const input = runInputOf(shown, variant?.label ?? shown.name, shown.npu, shown.scheduler, new TableCache());
  const duration = asLongAs(scenario, runSeconds);
  return simulateRun({ ...input, duration }, { ...options, window })?.timeline.segments;
}
