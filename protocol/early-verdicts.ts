import type { ScenarioResult, ServeResult } from '../design/index.ts';
import { pack, unpack } from './columns.ts';

/** The part of a ServeResult that sentences about its objectives need. */
export type ServeVerdicts = Pick<ServeResult, 'name' | 'offeredRps' | 'completedRps' | 'slos'>;

/**
 * The part of a ScenarioResult that sentences about its objectives need. It has no data of plots, so it is known and sent while the runs of `compare` and
 * the other scenarios continue. A full result also satisfies it.
 */
export interface ScenarioVerdicts extends Pick<ScenarioResult, 'scenario'> {
  /** The number of requests of the short run that the verdicts belong to. Absent: they belong to the whole run. */
  readonly previewRequests?: number;
  readonly main: Pick<ScenarioResult['main'], 'caveats'> & { readonly serves: readonly ServeVerdicts[] };
}

/** As JSON: a confidence interval may be infinite. */
export interface PackedVerdicts {
  readonly verdictTree: unknown;
}

/** The verdicts without anything else that a result contains. */
export function verdictsOnly({
  scenario,
  previewRequests,
  main: { caveats, serves },
}: ScenarioVerdicts): ScenarioVerdicts {
  return {
    scenario,
    ...(previewRequests === undefined ? {} : { previewRequests }),
    main: {
      caveats,
      serves: serves.map(({ name, offeredRps, completedRps, slos }) => ({ name, offeredRps, completedRps, slos })),
    },
  };
}

export function packVerdicts(verdicts: readonly ScenarioVerdicts[]): PackedVerdicts {
  return { verdictTree: pack(verdicts.map(verdictsOnly)).tree };
}

export function unpackVerdicts({ verdictTree }: PackedVerdicts): readonly ScenarioVerdicts[] {
  return unpack<readonly ScenarioVerdicts[]>({ tree: verdictTree, buffer: new ArrayBuffer(0) });
}
