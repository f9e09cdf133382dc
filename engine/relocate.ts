import {
  type Caveat,
  isSameCaveat,
  type ModelCost,
  type Origin,
  type RunResult,
  type Scenario,
  type ScenarioResult,
  type Slo,
  type SloOutcome,
  scenarioCaveats,
} from '../design/index.ts';
import type { Evidence, ServeEvidence } from './evidence.ts';

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

/** Caveats where they arise now; one that came up in the run itself, at the scenario. */
function relocateCaveats(old: readonly Caveat[], scenario: Scenario): Caveat[] {
  const now = scenarioCaveats(scenario);
  return old.map((caveat) => ({
    ...caveat,
    origin: now.find((other) => isSameCaveat(other, caveat))?.origin ?? scenario.origin,
  }));
}

function relocateOutcome(old: SloOutcome, left: Slo[], serve: Origin, scenario: Scenario): SloOutcome {
  const outcome = { ...old, slo: relocateSlo(old.slo, left, serve) };
  const { open } = old;
  return open === undefined
    ? outcome
    : { ...outcome, open: { ...open, caveats: relocateCaveats(open.caveats, scenario) } };
}

function relocateServes<Serve extends ServeEvidence>(serves: readonly Serve[], scenario: Scenario): Serve[] {
  return serves.map((old, index) => {
    const serve = scenario.serves.find((one) => one.name === old.name) ?? scenario.serves[index];
    if (serve === undefined) return old;
    const left = [...serve.slos];
    return {
      ...old,
      origin: serve.origin,
      arrivalsOrigin: serve.arrivals.origin,
      slos: old.slos.map((outcome) => relocateOutcome(outcome, left, serve.origin, scenario)),
    };
  });
}

/** What findings are told from, where it stands now. */
export function relocateEvidence({ scenario: name, main, layers }: Evidence, scenario: Scenario): Evidence {
  return {
    scenario: name,
    main: { serves: relocateServes(main.serves, scenario), caveats: relocateCaveats(main.caveats, scenario) },
    layers,
  };
}

/**
 * A result kept from an earlier text, told where its things stand now. Hashes leave origins out, so an edit that moves
 * text runs nothing, and what points into the text is taken from the design as it is.
 */
export function relocate(result: ScenarioResult, scenario: Scenario): ScenarioResult {
  const run = (old: RunResult): RunResult => ({
    ...old,
    serves: relocateServes(old.serves, scenario),
    caveats: relocateCaveats(old.caveats, scenario),
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
