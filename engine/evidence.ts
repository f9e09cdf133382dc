import type { Caveat, LayerCost, ModelCost, ScenarioResult, ServeResult } from '../design/index.ts';

/** The part of a ServeResult that messages need. */
export type ServeEvidence = Pick<
  ServeResult,
  'name' | 'model' | 'origin' | 'arrivalsOrigin' | 'offeredRps' | 'completedRps' | 'burstShare' | 'slos'
>;

/** The part of a ModelCost that messages need. */
export type CostEvidence = Pick<ModelCost, 'model' | 'mode' | 'cycles'> & {
  readonly layers: readonly Pick<LayerCost, 'layer' | 'cycles' | 'explanation'>[];
};

/** The part of a ScenarioResult that messages about objectives need. A full result also satisfies it. */
export interface Evidence {
  readonly scenario: string;
  readonly main: { readonly serves: readonly ServeEvidence[]; readonly caveats: readonly Caveat[] };
  readonly layers: readonly CostEvidence[];
}

const serveEvidence = (serve: ServeResult): ServeEvidence => ({
  name: serve.name,
  model: serve.model,
  origin: serve.origin,
  arrivalsOrigin: serve.arrivalsOrigin,
  offeredRps: serve.offeredRps,
  completedRps: serve.completedRps,
  burstShare: serve.burstShare,
  slos: serve.slos,
});

const costEvidence = ({ model, mode, cycles, layers }: ModelCost): CostEvidence => ({
  model,
  mode,
  cycles,
  layers: layers.map(({ layer, cycles: own, explanation }) => ({ layer, cycles: own, explanation })),
});

/**
 * The evidence of a result, without the data of the plots. It is much smaller, so another thread gets it much earlier.
 */
export function evidenceOf({ scenario, main, layers }: ScenarioResult): Evidence {
  const baseCosts = layers.filter(({ mode }) => mode === 'base');
  return {
    scenario,
    main: { serves: main.serves.map(serveEvidence), caveats: main.caveats },
    layers: baseCosts.map(costEvidence),
  };
}
