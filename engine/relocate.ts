import type { ModelCost, RunResult, Scenario, ScenarioResult } from '../design/index.ts';

/**
 * A result kept from an earlier text, told where its things stand now. Hashes leave origins out, so an edit that moves
 * text runs nothing, and what points into the text is taken from the design as it is.
 */
export function relocate(result: ScenarioResult, scenario: Scenario): ScenarioResult {
  const run = (old: RunResult): RunResult => ({
    ...old,
    serves: old.serves.map((serveResult, s) => {
      const serve = scenario.serves[s];
      if (serve === undefined) return serveResult;
      return {
        ...serveResult,
        origin: serve.origin,
        arrivalsOrigin: serve.arrivals.origin,
        slos: serveResult.slos.map((outcome, i) => ({ ...outcome, slo: serve.slos[i] ?? outcome.slo })),
      };
    }),
  });
  const cost = (old: ModelCost): ModelCost => {
    const model = scenario.serves.find((serve) => serve.model.name === old.model)?.model;
    const layers = old.layers.map((layer, index) => ({
      ...layer,
      origin: model?.layers[index]?.origin ?? layer.origin,
    }));
    return { ...old, layers };
  };
  const { main, variants, layers } = result;
  return { ...result, origin: scenario.origin, main: run(main), variants: variants.map(run), layers: layers.map(cost) };
}
