import type { Origin, RunResults } from '../protocol/index.ts';

/** What the cursor in the source stands on, as the panel draws it. */
export interface Selection {
  readonly scenario: string;
  readonly serve: string | null;
  /** Index among the serve's constraints. */
  readonly slo: number | null;
  readonly figures: readonly string[];
}

/** The innermost thing that the place belongs to; undefined where the panel draws nothing of it. */
export function selectionOf(results: RunResults, place: Origin, lines?: Origin): Selection | undefined {
  // Origins are names and values: beside one of them the cursor still stands in its line.
  return (
    selectionBy(results, (origin) => holds(origin, place)) ??
    (lines === undefined ? undefined : selectionBy(results, (origin) => holds(lines, origin)))
  );
}

function selectionBy(results: RunResults, isMeant: (origin: Origin) => boolean): Selection | undefined {
  for (const scenario of results) {
    for (const serve of scenario.main.serves) {
      const slo = serve.slos.findIndex((outcome) => isMeant(outcome.slo.origin));
      const outcome = serve.slos[slo];
      const found = { scenario: scenario.scenario, serve: serve.name };
      if (outcome !== undefined) {
        const figures =
          outcome.slo.metric === 'latency'
            ? ['latency', 'distribution']
            : outcome.slo.metric === 'accuracy'
              ? []
              : ['throughput'];
        return { ...found, slo, figures };
      }
      if (isMeant(serve.arrivalsOrigin)) return { ...found, slo: null, figures: ['throughput', 'queue'] };
      if (isMeant(serve.origin)) return { ...found, slo: null, figures: ['latency', 'throughput', 'queue'] };
    }
    if (isMeant(scenario.origin)) return { scenario: scenario.scenario, serve: null, slo: null, figures: [] };
  }
  return undefined;
}

function holds(origin: Origin, place: Origin): boolean {
  return origin.uri === place.uri && origin.start <= place.start && place.end <= origin.end;
}
