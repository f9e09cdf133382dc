import type { Scenario, ScenarioResult } from '../design/index.ts';
import { explainSlo } from '../engine/index.ts';
import type { Objective, ScenarioObjectives } from '../protocol/index.ts';

/** Every objective of a document's scenarios, with its verdict if `results` belong to the present text. */
export function objectivesOf(
  scenarios: readonly Scenario[],
  results: readonly ScenarioResult[],
): readonly ScenarioObjectives[] {
  return scenarios.map((scenario) => {
    const result = results.find((candidate) => candidate.scenario === scenario.name);
    const { start, end } = scenario.origin;
    return { name: scenario.name, start, end, objectives: objectives(scenario, result) };
  });
}

function objectives(scenario: Scenario, result: ScenarioResult | undefined): Objective[] {
  const named = scenario.serves.length > 1;
  const caveats = result?.main.caveats ?? [];
  return scenario.serves.flatMap((serve) => {
    const served = result?.main.serves.find((candidate) => candidate.name === serve.name);
    return serve.slos.map((slo, index): Objective => {
      const outcome = served?.slos[index];
      const known = served !== undefined && outcome !== undefined;
      return {
        id: `${serve.name}/${slo.text}/${index}`,
        label: named ? `${serve.name}: ${slo.text}` : slo.text,
        start: slo.origin.start,
        end: slo.origin.end,
        verdict: known ? outcome.verdict : null,
        message: known ? explainSlo(served, outcome, caveats, true) : null,
      };
    });
  });
}
