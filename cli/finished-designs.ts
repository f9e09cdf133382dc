import {
  addCaveats,
  type Caveat,
  emptyDetails,
  exploredVerdicts,
  type Plan,
  type RowDetails,
  rowMeasures,
} from '../design/index.ts';
import type { ExploredDesigns } from '../simulator/index.ts';

/** The details of designs, by their numbers. */
export interface DetailsByDesign {
  get(design: number): RowDetails | undefined;
}

/**
 * The finished designs of an exploration, each once, as columns of numbers: 100,000 designs take 50 MB. As objects they took more than a
 * gigabyte.
 */
export class FinishedDesigns implements DetailsByDesign {
  private readonly plan: Pick<Plan, 'goals' | 'further'>;
  /** The goals, the further measures, the low and the high ends of all intervals, and the seed. NaN: no value. */
  private readonly numbers: readonly Column[];
  private readonly rows = new Map<number, number>();
  private readonly verdicts: number[] = [];
  private readonly hashes: (string | null)[] = [];
  /** Few lists differ, and equal ones are one object. */
  private readonly codes: (readonly string[])[] = [];
  private readonly codeLists = new Map<string, readonly string[]>();
  private readonly problems: { readonly design: number; readonly message: string }[] = [];
  private readonly caveats: Caveat[] = [];
  private readonly statedInputs = new Set<string>();

  constructor(plan: Pick<Plan, 'goals' | 'further'>) {
    this.plan = plan;
    const ends = 2 * rowMeasures(plan).length;
    this.numbers = Array.from({ length: plan.goals.length + plan.further.length + ends + 1 }, () => new Column());
  }

  get size(): number {
    return this.rows.size;
  }

  has(design: number): boolean {
    return this.rows.has(design);
  }

  add(part: ExploredDesigns): void {
    addCaveats(this.caveats, part.caveats);
    for (const text of part.statedInputs) this.statedInputs.add(text);
    const problems = new Map(part.problems.map((problem) => [problem.design, problem]));
    for (const [row, design] of part.designs.entries()) {
      if (this.rows.has(design)) continue;
      this.rows.set(design, this.rows.size);
      const { further, lows, highs, seed, designHash, caveats } = part.details?.[row] ?? emptyDetails(this.plan);
      const values = [...part.measures.map((column) => column[row] ?? Number.NaN), ...further, ...lows, ...highs, seed];
      for (const [at, column] of this.numbers.entries()) column.add(values[at] ?? Number.NaN);
      this.verdicts.push(part.verdicts[row] ?? exploredVerdicts.indexOf('unbuilt'));
      this.hashes.push(designHash);
      const key = caveats.join(' ');
      const codes = this.codeLists.get(key) ?? caveats;
      this.codeLists.set(key, codes);
      this.codes.push(codes);
      const problem = problems.get(design);
      if (problem !== undefined) this.problems.push(problem);
    }
  }

  get(design: number): RowDetails | undefined {
    const row = this.rows.get(design);
    if (row === undefined) return undefined;
    const goals = this.plan.goals.length;
    const further = this.plan.further.length;
    const values = this.numbers.map((column) => finite(column.at(row)));
    const lows = goals + further;
    const highs = lows + goals + further;
    return {
      further: values.slice(goals, lows),
      lows: values.slice(lows, highs),
      highs: values.slice(highs, -1),
      seed: values.at(-1) ?? null,
      designHash: this.hashes[row] ?? null,
      caveats: this.codes[row] ?? [],
    };
  }

  /** The designs that were added after the first `start`, without their details. */
  since(start: number): ExploredDesigns {
    const designs = Uint32Array.from(this.rows.keys()).subarray(start);
    return {
      designs,
      measures: this.plan.goals.map((_, goal) => this.numbers[goal]?.from(start) ?? new Float64Array(designs.length)),
      verdicts: Uint8Array.from(this.verdicts.slice(start)),
      problems: this.problems,
      caveats: this.caveats,
      statedInputs: [...this.statedInputs],
    };
  }
}

/** Numbers that are added one by one. */
class Column {
  private values = new Float64Array(64);
  private length = 0;

  add(value: number): void {
    if (this.length === this.values.length) {
      const longer = new Float64Array(2 * this.length);
      longer.set(this.values);
      this.values = longer;
    }
    this.values[this.length] = value;
    this.length += 1;
  }

  at(row: number): number {
    return this.values[row] ?? Number.NaN;
  }

  from(start: number): Float64Array {
    return this.values.slice(start, this.length);
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
