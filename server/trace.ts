import type { RunResult, ScenarioResult, TimelineSegments } from '../design/index.ts';
import { writeChromeTrace } from '../formats/index.ts';

/** One run of a scenario as a Chrome trace. The segments of a window, if given, replace those of the run. */
export function traceOf(scenario: ScenarioResult, run: RunResult, segments: TimelineSegments | null): string {
  const main = segments === null ? run : { ...run, timeline: { ...run.timeline, segments } };
  return writeChromeTrace({ ...scenario, main, variants: [] });
}
