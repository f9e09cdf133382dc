import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Scenario } from '../../design/index.ts';
import { loadProgram } from '../../engine/index.ts';
import { createNodeSources, openLibrary } from '../../host/index.ts';
import type { Packed, RunResults, SegmentsRequest } from '../../protocol/index.ts';
import { pack } from '../../protocol/index.ts';
import { simulateScenario, simulateWindow } from '../../simulator/index.ts';

/** The example at some load, simulated as the server does it, with the server's answers to the panel. */
export interface RealRun {
  readonly uri: string;
  readonly scenarios: readonly Scenario[];
  readonly results: RunResults;
  readonly segments: (request: SegmentsRequest) => Packed;
}

/** `edit` receives the text of the example and returns the text to run. */
export async function realRun(edit: (text: string) => string): Promise<RealRun> {
  const file = path.resolve('examples/rush.npu');
  const uri = pathToFileURL(file).href;
  const text = edit(readFileSync(file, 'utf8'));
  const sources = createNodeSources(openLibrary(path.resolve('library')));
  const { design, diagnostics } = await loadProgram(uri, sources, {
    text: (asked) => (asked === uri ? text : undefined),
  });
  const scenarios = design.scenarios.filter(({ origin }) => origin.uri === uri);
  if (scenarios.length === 0) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const results = scenarios.map((scenario) => {
    const result = simulateScenario(scenario);
    if (result === undefined) throw new Error('cancelled without being asked to');
    return result;
  });
  return {
    uri,
    scenarios,
    results,
    segments: ({ scenario: name, run, startSeconds, endSeconds }) => {
      const index = scenarios.findIndex((each) => each.name === name);
      const scenario = scenarios[index];
      const result = results[index];
      const seconds = (run === 0 ? result?.main : result?.variants[run - 1])?.seconds ?? 0;
      const found = scenario && simulateWindow(scenario, run, seconds, { startSeconds, endSeconds });
      if (found === undefined) throw new Error(`no run ${run} of ${name}`);
      return pack(found);
    },
  };
}

export const loadOf = (rate: string) => (text: string) => text.replace(/let peak = .*/, `let peak = ${rate}`);
