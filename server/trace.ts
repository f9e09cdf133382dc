import type { RunResult, ScenarioResult, TimelineSegments } from '../design/index.ts';
import { writeChromeTrace } from '../formats/index.ts';

/** One run of a scenario as a Chrome trace, with the segments of a window in place of the run's own where there are some. */
export function traceOf(scenario: ScenarioResult, run: RunResult, segments: TimelineSegments | null): string {
  const main = segments === null ? run : { ...run, timeline: { ...run.timeline, segments } };
  return writeChromeTrace({ ...scenario, main, variants: [] });
}
