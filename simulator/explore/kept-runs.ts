import type { RunResult } from '../../design/index.ts';
import type { ResidencyPlan, ServiceTable } from '../service-table.ts';
import type { RunInput } from '../serving/index.ts';
import type { CoarseCapacity } from './coarse-capacity.ts';

/** Our assumption: more than the different runs of a usual exploration, and some megabytes. */
const mostRuns = 2048;

/** What a sweep needs from the runs of one design. */
export interface KeptRun {
  readonly run: RunResult;
  /** undefined: no goal needed it so far. */
  capacity?: CoarseCapacity | undefined;
}

/**
 * The runs of earlier designs. Designs that differ only in what their run does not depend on share one: a scratchpad with room for all weights
 * and activations serves as fast as a larger one.
 */
export class KeptRuns {
  private readonly runs = new Map<string, KeptRun>();
  private readonly columns = new Map<string, number>();
  /** Columns and tables are equal if they are the same object. */
  private readonly numbers = new WeakMap<object, number>();
  private count = 0;

  /**
   * Everything that the run depends on. undefined: the input has parts that are functions. Two designs with one chip name and one scenario name
   * can have different areas, so the area of a kept run may be that of another design.
   */
  keyOf(input: RunInput, options: string): string | undefined {
    if (input.serves.some(({ steps, serviceScale }) => steps !== undefined || serviceScale !== undefined)) return;
    return (
      options +
      JSON.stringify(input, (name, value: unknown) => {
        if (name === 'origin' || name === 'area') return undefined;
        if (name === 'tables') return (value as readonly ServiceTable[]).map((table) => this.numberOf(table));
        if (name === 'residency' && value !== null) return this.numberOfColumn(used(value as ResidencyPlan));
        if (name === 'borderSeconds') return this.numberOfColumn((value as Float64Array).join(' '));
        if (ArrayBuffer.isView(value)) return this.numberOf(value);
        return typeof value === 'number' && !Number.isFinite(value) ? `${value}` : value;
      })
    );
  }

  private numberOf(thing: object): number {
    const known = this.numbers.get(thing) ?? this.count++;
    this.numbers.set(thing, known);
    return known;
  }

  /** Columns with an entry for each layer. Few of them differ. */
  private numberOfColumn(text: string): number {
    const known = this.columns.get(text) ?? this.count++;
    this.columns.set(text, known);
    return known;
  }

  get(key: string | undefined): KeptRun | undefined {
    return key === undefined ? undefined : this.runs.get(key);
  }

  set(key: string | undefined, kept: KeptRun): void {
    if (key === undefined) return;
    if (this.runs.size >= mostRuns) {
      this.runs.clear();
      this.columns.clear();
    }
    this.runs.set(key, kept);
  }
}

/** What a run uses of a plan: the places of the weights, and the space for second copies. */
function used({ capacityBytes, usedBytes, activationBytes, shares, baseBytes, burstBytes }: ResidencyPlan): string {
  const all = [...shares, ...baseBytes, ...burstBytes].map((column) => column.join(' '));
  return `${Math.max(0, capacityBytes - usedBytes - activationBytes)} ${usedBytes} ${all.join()}`;
}
