import { assertNever, type Scenario, type ScenarioResult } from '../design/index.ts';
import { evidenceOf } from '../engine/index.ts';
import { type PreviewRuns, pack, type ScenarioVerdicts, verdictsOnly } from '../protocol/index.ts';
import {
  exploreDesigns,
  KeptRuns,
  loadCurve,
  runInputOf,
  simulatePreview,
  simulateRun,
  simulateScenario,
  simulateWindow,
} from '../simulator/index.ts';
import { KeptDesigns } from './kept-designs.ts';
import type { FromWorker, ObjectiveOutcomes, PreviewAnswer, ToWorker } from './worker-messages.ts';

export type Post = (message: FromWorker, transfer?: ArrayBuffer[]) => void;

/**
 * What a simulation thread does with a message, in Node and in a browser. `floor` has one element: tasks below this id are cancelled.
 * Without it, a busy thread cannot see a cancellation.
 */
export function simulationThread(post: Post, floor: Int32Array | undefined): (message: ToWorker) => void {
  const kept = new KeptDesigns();
  const runs = new KeptRuns();

  function answerTo(message: ToWorker): FromWorker {
    const { id } = message;
    const isCancelled = (): boolean => floor !== undefined && Atomics.load(floor, 0) > id;
    switch (message.type) {
      case 'run':
        return run(id, message.scenarios, isCancelled);
      case 'preview':
        return preview(message, isCancelled);
      case 'window': {
        const segments = simulateWindow(message.scenario, message.run, message.runSeconds, message, { isCancelled });
        return segments === undefined ? { type: 'cancelled', id } : { type: 'done', id, results: pack(segments) };
      }
      case 'loadCurve': {
        const onProgress = (fraction: number): void => post({ type: 'progress', id, fraction });
        const curve = loadCurve(message.scenario, { isCancelled, onProgress });
        return curve === undefined ? { type: 'cancelled', id } : { type: 'done', id, results: pack(curve) };
      }
      case 'objectives': {
        const { endsAtViolation } = message;
        const { scenario, cache } = kept.keep(message.scenario);
        const input = runInputOf(scenario, scenario.name, scenario.npu, scenario.scheduler, cache, kept.keep);
        const result = simulateRun(input, { isCancelled, endsAtViolation, measuresOnly: true });
        if (result === undefined) return { type: 'cancelled', id };
        return { type: 'done', id, results: pack(result.serves.map(({ slos }) => slos) satisfies ObjectiveOutcomes) };
      }
      case 'explore': {
        const { goals, constraints, designs } = message;
        const explored = exploreDesigns(goals, designs, { constraints, isCancelled, keep: kept.keep, runs });
        return explored === undefined ? { type: 'cancelled', id } : { type: 'done', id, results: pack(explored) };
      }
      default:
        return assertNever(message);
    }
  }

  function run(id: number, scenarios: readonly Scenario[], isCancelled: () => boolean): FromWorker {
    const results: ScenarioResult[] = [];
    for (const [index, scenario] of scenarios.entries()) {
      const onProgress = (fraction: number): void =>
        post({ type: 'progress', id, fraction: (index + fraction) / scenarios.length });
      const onMain = (result: ScenarioResult): void => {
        // The whole result of the last scenario follows at once.
        if (scenario.compare.length === 0 && index === scenarios.length - 1) return;
        post({ type: 'main', id, evidence: evidenceOf(result) });
      };
      const result = simulateScenario(scenario, { isCancelled, onProgress, onMain, keep: kept.keep });
      if (result === undefined) return { type: 'cancelled', id };
      results.push(result);
    }
    return { type: 'done', id, results: pack(results) };
  }

  function preview(
    { id, scenarios, requests, withPlots }: Extract<ToWorker, { readonly type: 'preview' }>,
    isCancelled: () => boolean,
  ): FromWorker {
    let milliseconds = 0;
    const verdicts: ScenarioVerdicts[] = [];
    const runs: PreviewRuns[number][] = [];
    for (const scenario of scenarios) {
      let startedAt = 0;
      // A changed chip needs new tables, even for a few requests.
      const onStart = (): void => {
        startedAt = performance.now();
      };
      const main = simulatePreview(scenario, requests, kept.keep, { isCancelled, measuresOnly: !withPlots, onStart });
      if (main === undefined) return { type: 'cancelled', id };
      milliseconds += performance.now() - startedAt;
      const previewRequests = main.serves.reduce((sum, { counts }) => sum + counts.arrived, 0);
      verdicts.push(verdictsOnly({ scenario: scenario.name, previewRequests, main }));
      runs.push({ scenario: scenario.name, main });
    }
    const answer: PreviewAnswer = { verdicts, milliseconds, ...(withPlots ? { runs } : {}) };
    return { type: 'done', id, results: pack(answer) };
  }

  return (message) => {
    try {
      const answer = answerTo(message);
      post(answer, answer.type === 'done' ? [answer.results.buffer] : []);
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      post({ type: 'failed', id: message.id, message: text });
    }
  };
}
