import { describe, expect, test } from 'vitest';
import type { Duration, SloOutcome } from '../../../design/index.ts';
import { applyChanges } from '../../../language/index.ts';
import type { BrokenObjective } from '../../../server/fixes/fix-plan.ts';
import { longerRunPlan } from '../../../server/fixes/longer-run.ts';
import { simulateScenario } from '../../../simulator/index.ts';
import { programOf, smallText, uri } from './small-design.ts';

/* The longer runs that a quick fix tries for an undecided objective: their texts, and when there are none. */

function broken(text: string, change: Partial<SloOutcome> = {}): BrokenObjective {
  const program = programOf(text);
  const [scenario] = program.design.scenarios;
  const before = scenario && simulateScenario(scenario);
  const outcome = before?.main.serves[0]?.slos[0];
  if (scenario === undefined || before === undefined || outcome === undefined) throw new Error('no outcome');
  const place = { program, uri, scenario: scenario.name, serve: 0 };
  return { place, scenario, before, objective: 0, outcome: { ...outcome, verdict: 'undecided', ...change } };
}

const withDuration = (duration: string): string => smallText().replace('duration: 100 requests', duration);

describe('the first and the last of the longer runs', () => {
  test.each<[string, Duration, Duration]>([
    ['duration: 100 requests', { kind: 'requests', count: 400 }, { kind: 'requests', count: 6400 }],
    ['duration: 300 ms', { kind: 'time', seconds: 1.2 }, { kind: 'time', seconds: 19.2 }],
    ['duration: 2 ms', { kind: 'time', seconds: 0.008 }, { kind: 'time', seconds: 0.128 }],
    ['duration: auto(50 requests)', { kind: 'auto', maxRequests: 200 }, { kind: 'auto', maxRequests: 3200 }],
    ['duration: auto', { kind: 'auto', maxRequests: 800_000 }, { kind: 'auto', maxRequests: 12_800_000 }],
    // Without the property, the run is `auto`.
    ['seed: 2', { kind: 'auto', maxRequests: 800_000 }, { kind: 'auto', maxRequests: 12_800_000 }],
  ])('of %s', (duration, first, last) => {
    const text = withDuration(duration);
    const plan = longerRunPlan(broken(text));
    const durationAt = (index: number) => {
      const changes = plan?.candidate(index)?.changes;
      if (changes === undefined) throw new Error(`no candidate ${index}`);
      return programOf(applyChanges(text, changes)).design.scenarios[0]?.duration;
    };
    expect([durationAt(0), durationAt((plan?.count ?? 0) - 1)]).toEqual([first, last]);
  });
});

test('the title has the verdict that was simulated', () => {
  const text = withDuration('duration: 20 requests');
  const objective = broken(text);
  const title = longerRunPlan(objective)
    ?.candidate(0)
    ?.title({ ...objective.outcome, verdict: 'violated' }, []);
  expect(title).toMatch(/^Run until decided: 80 requests instead of 20 \(p99 latency [\d.]+ [nµm]s, violated\)$/);
});

test.each<[string, Partial<SloOutcome>]>([
  ['a decided objective', { verdict: 'violated' }],
  ['a maximum over endless traffic', { undecided: 'unbounded-maximum' }],
  ['a period that is longer than the longest of them', { undecided: 'part-of-a-period', needsSeconds: 1e6 }],
  ['a recording', { recording: { measuredRequests: 10, recordedRequests: 20 } }],
])('there is no longer run for %s', (_, change) => {
  expect(longerRunPlan(broken(smallText(), change))).toBeUndefined();
});
