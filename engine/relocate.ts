import type { ModelCost, Origin, RunResult, Scenario, ScenarioResult, Slo } from '../design/index.ts';

/** What an objective speaks of, whatever its limit. */
function subjectOf(slo: Slo): string {
  return slo.metric === 'latency' ? JSON.stringify(slo.statistic) : slo.metric;
}

/** The objective that was measured, where it stands now; at its serve where it is no more. Taken from what is left: two may speak of the same. */
function relocateSlo(old: Slo, left: Slo[], serve: Origin): Slo {
  const place = left.findIndex((slo) => subjectOf(slo) === subjectOf(old));
  const [now] = place < 0 ? [] : left.splice(place, 1);
  // Its limit may have been edited since: what was measured was held against the old one.
  return { ...old, origin: now?.origin ?? serve };
}

/**
 * A result kept from an earlier text, told where its things stand now. Hashes leave origins out, so an edit that moves
 * text runs nothing, and what points into the text is taken from the design as it is.
 */
export function relocate(result: ScenarioResult, scenario: Scenario): ScenarioResult {
  const run = (old: RunResult): RunResult => ({
    ...old,
    serves: old.serves.map((serveResult, s) => {
      const serve = scenario.serves.find((one) => one.name === serveResult.name) ?? scenario.serves[s];
      if (serve === undefined) return serveResult;
      const left = [...serve.slos];
      return {
        ...serveResult,
        origin: serve.origin,
        arrivalsOrigin: serve.arrivals.origin,
        slos: serveResult.slos.map((outcome) => ({ ...outcome, slo: relocateSlo(outcome.slo, left, serve.origin) })),
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
