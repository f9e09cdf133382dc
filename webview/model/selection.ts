import type { Exploration, Origin, RunResults } from '../../protocol/index.ts';

/** What the panel shows of the thing at the cursor in the source. */
export interface Selection {
  /** One of the two is null. */
  readonly scenario: string | null;
  readonly exploration: string | null;
  readonly serve: string | null;
  /** Index among the serve's objectives. */
  readonly slo: number | null;
  readonly figures: readonly string[];
}

/** The innermost thing at a place in the source; undefined if the panel shows nothing of it. */
export function selectionOf(
  results: RunResults,
  explorations: readonly Exploration[],
  place: Origin,
  lines?: Origin,
): Selection | undefined {
  // An origin is a name or a value. If the cursor is beside it, its line decides.
  return (
    selectionBy(results, explorations, (origin) => contains(origin, place)) ??
    (lines === undefined ? undefined : selectionBy(results, explorations, (origin) => contains(lines, origin)))
  );
}

function selectionBy(
  results: RunResults,
  explorations: readonly Exploration[],
  isMeant: (origin: Origin) => boolean,
): Selection | undefined {
  for (const scenario of results) {
    for (const serve of scenario.main.serves) {
      const slo = serve.slos.findIndex((outcome) => isMeant(outcome.slo.origin));
      const outcome = serve.slos[slo];
      const found = { scenario: scenario.scenario, exploration: null, serve: serve.name };
      if (outcome !== undefined) {
        const figures =
          outcome.slo.metric === 'latency'
            ? ['latency', 'distribution']
            : outcome.slo.metric === 'accuracy'
              ? ['accuracy']
              : ['throughput'];
        return { ...found, slo, figures };
      }
      if (isMeant(serve.arrivalsOrigin)) return { ...found, slo: null, figures: ['throughput', 'queue'] };
      if (isMeant(serve.origin)) return { ...found, slo: null, figures: ['latency', 'throughput', 'queue'] };
    }
    if (isMeant(scenario.origin))
      return { scenario: scenario.scenario, exploration: null, serve: null, slo: null, figures: [] };
  }
  for (const { name, origin, axes, goals } of explorations) {
    const figures = [
      ...(goals.some((goal) => isMeant(goal.origin)) ? ['pareto'] : []),
      ...(axes.some((axis) => isMeant(axis.origin)) ? ['heat'] : []),
    ];
    if (figures.length > 0 || isMeant(origin))
      return { scenario: null, exploration: name, serve: null, slo: null, figures };
  }
  return undefined;
}

function contains(origin: Origin, place: Origin): boolean {
  return origin.uri === place.uri && origin.start <= place.start && place.end <= origin.end;
}
