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
  sloName,
} from '../design/index.ts';
import type { Evidence, ServeEvidence } from './evidence.ts';

/** The metric of an objective, without its limit. */
function subjectOf(slo: Slo): string {
  return sloName(slo);
}

/**
 * The measured objective at its new place in the text, or at its serve if the text no longer contains it. Removes the
 * objective that it finds from `left`, because two objectives can have the same metric.
 */
function relocateSlo(old: Slo, left: Slo[], serve: Origin): Slo {
  const place = left.findIndex((slo) => subjectOf(slo) === subjectOf(old));
  const [now] = place < 0 ? [] : left.splice(place, 1);
  // Keep the old limit, even if the user has changed it. The measured value was compared with the old one.
  return { ...old, origin: now?.origin ?? serve };
}

/** Caveats at their new places in the text. A caveat of the run itself is at the scenario. */
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

/** The evidence with the new places in the text. */
export function relocateEvidence({ scenario: name, main, layers }: Evidence, scenario: Scenario): Evidence {
  return {
    scenario: name,
    main: { serves: relocateServes(main.serves, scenario), caveats: relocateCaveats(main.caveats, scenario) },
    layers,
  };
}

/**
 * A result of an earlier text with the places of the current text. Content hashes ignore origins, so an edit that only moves
 * text starts no run. The old result is still correct, but its origins must come from the current design.
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
