import {
  type CandidateDesign,
  type Caveat,
  type Exploration,
  isSameCaveat,
  type Scenario,
  scenarioCaveats,
} from '../design/index.ts';
import { designHash } from '../engine/index.ts';
import type { ExploredDesigns, NumberedDesign } from '../simulator/index.ts';

/** The largest number of stored designs: some megabytes. Our assumption: several explorations of the largest size that a file can have. */
const mostDesigns = 50_000;

/** The result of one design, without its number, which depends on the exploration. */
interface Stored {
  readonly verdict: number;
  readonly measures: readonly number[];
  readonly problem: string | null;
  readonly caveats: readonly Caveat[];
  readonly statedInputs: readonly string[];
}

/**
 * Results of the designs of earlier explorations, by the content of the design, the goals and the limits. So after an edit of an axis only the new
 * designs run. The designs that were not used for the longest time are removed first.
 */
export class ExploredStore {
  private readonly stored = new Map<string, Stored>();
  private readonly most: number;

  constructor(most = mostDesigns) {
    this.most = most;
  }

  /** undefined: the values make no valid design, so there is nothing to run. */
  keyOf(candidate: CandidateDesign, { goals, constraints = [] }: Exploration): string | undefined {
    if (candidate.kind === 'problem') return undefined;
    const asked = [
      goals.map(({ measure }) => measure),
      constraints.map(({ measure, limit, text }) => [measure, limit, text]),
    ];
    return `${designHash(candidate.scenario)} ${JSON.stringify(asked)}`;
  }

  /** The stored result as the result of this design. */
  find(key: string, design: number, scenario: Scenario): ExploredDesigns | undefined {
    const found = this.stored.get(key);
    if (found === undefined) return undefined;
    // Move it to the end of the order of removal.
    this.stored.delete(key);
    this.stored.set(key, found);
    const { verdict, measures, problem, caveats, statedInputs } = found;
    return {
      designs: Uint32Array.of(design),
      measures: measures.map((value) => Float64Array.of(value)),
      verdicts: Uint8Array.of(verdict),
      problems: problem === null ? [] : [{ design, message: problem }],
      caveats: relocated(caveats, scenario),
      statedInputs,
    };
  }

  /** Stores the results of designs. `keys`: of each row. */
  add(part: ExploredDesigns, keys: readonly (string | undefined)[]): void {
    for (const [row, design] of part.designs.entries()) {
      const key = keys[row];
      if (key === undefined) continue;
      this.stored.set(key, {
        verdict: part.verdicts[row] ?? 0,
        measures: part.measures.map((column) => column[row] ?? Number.NaN),
        problem: part.problems.find((one) => one.design === design)?.message ?? null,
        caveats: part.caveats,
        statedInputs: part.statedInputs,
      });
    }
    for (const oldest of this.stored.keys()) {
      if (this.stored.size <= this.most) break;
      this.stored.delete(oldest);
    }
  }

  clear(): void {
    this.stored.clear();
  }
}

/** The caveats at their places in the present text. Caveats of a search are shown at the scenario. */
function relocated(caveats: readonly Caveat[], scenario: Scenario): readonly Caveat[] {
  const today = scenarioCaveats(scenario);
  return caveats.map((caveat) => {
    const { origin } = today.find((one) => isSameCaveat(one, caveat)) ?? scenario;
    return { ...caveat, origin };
  });
}

/** Designs to run, with their keys, and the results of those that are stored. */
export interface NextDesigns {
  readonly designs: readonly NumberedDesign[];
  readonly keys: readonly (string | undefined)[];
  readonly known: readonly ExploredDesigns[];
  /** The number of designs that were looked at, from the start of the list. */
  readonly looked: number;
}

/** The next designs of a list: at most `most` to run, and at most `mostLooked` in all, because each must be built from the text. */
export function nextDesigns(
  store: ExploredStore,
  left: readonly number[],
  {
    exploration,
    design: candidateOf,
  }: { readonly exploration: Exploration; readonly design: (index: number) => CandidateDesign },
  most: number,
  mostLooked: number,
): NextDesigns {
  const designs: NumberedDesign[] = [];
  const keys: (string | undefined)[] = [];
  const known: ExploredDesigns[] = [];
  let looked = 0;
  for (const design of left.slice(0, mostLooked)) {
    if (designs.length >= most) break;
    looked++;
    const candidate = candidateOf(design);
    const key = store.keyOf(candidate, exploration);
    const found =
      key === undefined || candidate.kind === 'problem' ? undefined : store.find(key, design, candidate.scenario);
    if (found !== undefined) known.push(found);
    else {
      designs.push({ design, candidate });
      keys.push(key);
    }
  }
  return { designs, keys, known, looked };
}
