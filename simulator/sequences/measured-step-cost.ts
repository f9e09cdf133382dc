import { type Grid4, interpolate, type TablePoint } from './interpolation.ts';
import type { DecodeRun, StepCost, StepWork } from './step-cost.ts';

/** Measured operators of a whole model, in microseconds. Points are in ascending order. */
export interface MeasuredOperators {
  /** Operators whose time depends on the new tokens of the step: embedding, products and vector operators of all layers. */
  readonly byTokens: readonly (readonly TablePoint[])[];
  /** Operators whose time depends on the sequences of the step: the product with the vocabulary and the sampler. */
  readonly bySequences: readonly (readonly TablePoint[])[];
  /** Attention of one layer. */
  readonly attention: Grid4;
  readonly layers: number;
  /**
   * Extra time for unequal contexts: this share of the difference between the attention at the longest context and at the
   * mean context.
   */
  readonly skew: number;
}

const PICOSECONDS_PER_MICROSECOND = 1e6;

/**
 * The time of a step from measured tables. In a step that only decodes, attention is a line in the sum of the contexts
 * between two grid points. The line has whole coefficients, so that a sum of steps is exact. This rounds attention by less
 * than 1e-5 of its time.
 */
export class MeasuredStepCost implements StepCost {
  /** Whole picoseconds by the number of tokens, and by the number of sequences. */
  private readonly byTokens: Float64Array;
  private readonly bySequences: Float64Array;
  private readonly attention: Grid4;
  private readonly layers: number;
  private readonly skew: number;
  private readonly mean: DecodeLines;
  private readonly longest: DecodeLines | null;
  private readonly run: DecodeRun = { firstPicoseconds: 0, growthPicoseconds: 0, steps: 0 };

  /** `tokens` and `sequences` are the limits of a step. */
  constructor(operators: MeasuredOperators, tokens: number, sequences: number) {
    const { layers, skew, attention } = operators;
    this.byTokens = sumOfTables(operators.byTokens, tokens);
    this.bySequences = sumOfTables(operators.bySequences, sequences);
    this.attention = attention;
    this.layers = layers;
    this.skew = skew;
    const most = Math.min(sequences, tokens);
    this.mean = new DecodeLines(attention, most, layers * (1 - skew) * PICOSECONDS_PER_MICROSECOND, true);
    this.longest =
      skew === 0 ? null : new DecodeLines(attention, most, layers * skew * PICOSECONDS_PER_MICROSECOND, false);
  }

  picoseconds(work: StepWork): number {
    if (work.prefillTokens === 0) {
      this.decodeRun(work.decodes, work.decodeContext, work.longestContext, this.run);
      return this.run.firstPicoseconds;
    }
    const { prefillTokens, prefillContext, decodes, decodeContext, longestContext } = work;
    const cached = prefillContext / prefillTokens;
    const mean = decodes === 0 ? 0 : decodeContext / decodes;
    let microseconds = this.attention.at(prefillTokens, cached, decodes, mean);
    if (this.skew > 0 && decodes > 0) {
      microseconds += this.skew * (this.attention.at(prefillTokens, cached, decodes, longestContext) - microseconds);
    }
    return this.contextFreePicoseconds(work.tokens, work.sequences) + wholePicoseconds(this.layers * microseconds);
  }

  decodeRun(decodes: number, decodeContext: number, longestContext: number, run: DecodeRun): void {
    const { mean, longest } = this;
    run.firstPicoseconds = this.contextFreePicoseconds(decodes, decodes);
    run.growthPicoseconds = 0;
    run.steps = Number.POSITIVE_INFINITY;
    mean.addTo(run, decodes, decodeContext, decodes);
    if (longest !== null) longest.addTo(run, decodes, longestContext, 1);
    if (this.skew <= 1) return;
    // A share above 1 subtracts a part of the mean. Only such a sum can be negative, so each step is checked.
    run.firstPicoseconds = Math.max(0, run.firstPicoseconds);
    run.growthPicoseconds = 0;
    run.steps = 1;
  }

  contextFreePicoseconds(tokens: number, sequences: number): number {
    return (this.byTokens[tokens] as number) + (this.bySequences[sequences] as number);
  }
}

/** Attention of decoding sequences as lines in their context, for each number of sequences and each interval of the grid. */
class DecodeLines {
  private readonly contexts: Float64Array;
  /** Whether the coordinate is the sum of the contexts of all sequences, or one context. */
  private readonly isSum: boolean;
  /** By sequences x intervals + interval: picoseconds at the start of the interval, and for each token from there. */
  private readonly start: Float64Array;
  private readonly slope: Float64Array;
  private readonly intervals: number;

  /** `scale` converts the values of the grid to picoseconds of all layers. */
  constructor(attention: Grid4, sequences: number, scale: number, isSum: boolean) {
    this.contexts = attention.axes[3];
    this.isSum = isSum;
    this.intervals = this.contexts.length;
    this.start = new Float64Array((sequences + 1) * this.intervals);
    this.slope = new Float64Array((sequences + 1) * this.intervals);
    for (let n = 1; n <= sequences; n++) {
      for (let interval = 0; interval < this.intervals; interval++) {
        const place = n * this.intervals + interval;
        const low = this.contexts[interval] as number;
        const high = this.contexts[interval + 1];
        this.start[place] = Math.round(Math.max(0, attention.at(0, 0, n, low)) * scale);
        if (high === undefined) {
          // Beyond the grid, the last line continues. It must not fall, or a long context would cost nothing.
          const last = interval === 0 ? 0 : (this.slope[place - 1] as number);
          this.slope[place] = last * scale > 0 ? last : 0;
          continue;
        }
        const end = Math.round(Math.max(0, attention.at(0, 0, n, high)) * scale);
        // Truncated, so that a falling line stays above its end.
        this.slope[place] = Math.trunc((end - (this.start[place] as number)) / ((isSum ? n : 1) * (high - low)));
      }
    }
  }

  /** Adds the line at a coordinate that grows by `growth` with each step, and ends the run at the next grid point. */
  addTo(run: DecodeRun, sequences: number, at: number, growth: number): void {
    const scale = this.isSum ? sequences : 1;
    const interval = this.intervalOf(at / scale);
    const place = sequences * this.intervals + interval;
    const slope = this.slope[place] as number;
    run.firstPicoseconds += (this.start[place] as number) + slope * (at - scale * (this.contexts[interval] as number));
    run.growthPicoseconds += slope * growth;
    if (interval + 1 >= this.intervals) return;
    const end = scale * (this.contexts[interval + 1] as number);
    const steps = Math.ceil((end - at) / growth);
    if (steps < run.steps) run.steps = steps;
  }

  private intervalOf(context: number): number {
    const { contexts } = this;
    let interval = contexts.length - 1;
    while (interval > 0 && (contexts[interval] as number) > context) interval--;
    return interval;
  }
}

/** The sum of tables in whole picoseconds, for 0 to `most`. Nothing costs nothing. */
function sumOfTables(tables: readonly (readonly TablePoint[])[], most: number): Float64Array {
  const sums = new Float64Array(most + 1);
  for (let at = 1; at <= most; at++) {
    let microseconds = 0;
    for (const table of tables) microseconds += interpolate(table, at);
    sums[at] = wholePicoseconds(microseconds);
  }
  return sums;
}

function wholePicoseconds(microseconds: number): number {
  return Math.max(0, Math.round(microseconds * PICOSECONDS_PER_MICROSECOND));
}
