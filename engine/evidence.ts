import type { Caveat, LayerCost, ModelCost, ScenarioResult, ServeResult } from '../design/index.ts';

export type ServeEvidence = Pick<
  ServeResult,
  'name' | 'model' | 'origin' | 'arrivalsOrigin' | 'offeredRps' | 'completedRps' | 'burstShare' | 'slos'
>;

export type CostEvidence = Pick<ModelCost, 'model' | 'mode' | 'cycles'> & {
  readonly layers: readonly Pick<LayerCost, 'layer' | 'cycles' | 'explanation'>[];
};

/** What of a result findings are told from. A result is evidence as well. */
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

/** Of a result, what is said without what is drawn: it crosses to another thread in a fraction of the time. */
export function evidenceOf({ scenario, main, layers }: ScenarioResult): Evidence {
  const told = layers.filter(({ mode }) => mode === 'base');
  return {
    scenario,
    main: { serves: main.serves.map(serveEvidence), caveats: main.caveats },
    layers: told.map(costEvidence),
  };
}
