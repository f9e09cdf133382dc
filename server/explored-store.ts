import {
  type CandidateDesign,
  type Caveat,
  type Exploration,
  isSameCaveat,
  type Scenario,
  scenarioCaveats,
} from '../design/index.ts';
import { contentHash, designHash } from '../engine/index.ts';
import { type ExploredDesigns, type NumberedDesign, notesOf } from '../simulator/index.ts';
import { type KeptText, readResultLines, type StoredResult, textOfResults } from './kept-results.ts';

/** The largest number of stored designs: some megabytes. Our assumption: several explorations of the largest size that a file can have. */
const mostDesigns = 50_000;

/**
 * Results of the designs of earlier explorations, by the content of the design, the goals and the limits. So after an edit of an axis only the new
 * designs run. The designs that were not used for the longest time are removed first. With `kept`, results survive the end of the server.
 */
export class ExploredStore {
  private readonly stored = new Map<string, StoredResult>();
  private readonly most: number;
  private readonly kept: KeptText | undefined;
  private readonly owner: string;
  private loaded: Promise<void> | undefined;
  private isChanged = false;

  /** `owner`: the program that computes the results. */
  constructor(kept?: KeptText, owner = '', most = mostDesigns) {
    this.kept = kept;
    this.owner = owner;
    this.most = most;
  }

  /** Reads the results of an earlier server, once. undefined: there is nothing to read. */
  load(): Promise<void> | undefined {
    this.loaded ??= this.kept?.read().then((text) => {
      // A person may have deleted the results in the meantime.
      if (this.loaded === undefined) return;
      for (const [key, result] of readResultLines(text, this.owner)) this.stored.set(key, result);
    });
    return this.loaded;
  }

  /** Writes the results for the next server, if there are new ones. */
  save(): void {
    if (!this.isChanged) return;
    this.isChanged = false;
    this.kept?.write(textOfResults(this.stored, this.owner));
  }

  /** undefined: the values make no valid design, so there is nothing to run. */
  keyOf(candidate: CandidateDesign, { goals, constraints = [] }: Exploration): string | undefined {
    if (candidate.kind === 'problem') return undefined;
    const asked = [
      goals.map(({ measure }) => measure),
      constraints.map(({ measure, limit, text }) => [measure, limit, text]),
    ];
    return `${designHash(candidate.scenario)} ${contentHash(asked)}`;
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

  /** Stores the results of designs, each with its own caveats. `keys`: of each row. */
  add(part: ExploredDesigns, keys: readonly (string | undefined)[]): void {
    this.isChanged = true;
    for (const [row, design] of part.designs.entries()) {
      const key = keys[row];
      if (key === undefined) continue;
      this.stored.set(key, {
        verdict: part.verdicts[row] ?? 0,
        measures: part.measures.map((column) => column[row] ?? Number.NaN),
        problem: part.problems.find((one) => one.design === design)?.message ?? null,
        ...notesOf(part, row),
      });
    }
    for (const oldest of this.stored.keys()) {
      if (this.stored.size <= this.most) break;
      this.stored.delete(oldest);
    }
  }

  /** Removes all results, also those for the next server. */
  clear(): void {
    this.loaded = undefined;
    this.stored.clear();
    this.isChanged = false;
    this.kept?.write('');
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
