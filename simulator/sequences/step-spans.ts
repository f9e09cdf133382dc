/** The steps of one mode without a pause between them. */
export interface StepSpans {
  readonly startNanoseconds: Float64Array;
  readonly endNanoseconds: Float64Array;
  /** 1: burst mode. 2: a change of the mode. */
  readonly kind: Uint8Array;
  /** The number of steps, and the mean sequences of one of them. */
  readonly steps: Float64Array;
  readonly sequences: Float64Array;
}

export const BASE_STEPS = 0;
export const BURST_STEPS = 1;
export const MODE_CHANGE = 2;

/** Records which mode ran when, merged into as few spans as possible. */
export class SpanRecorder {
  private readonly start: number[] = [];
  private readonly end: number[] = [];
  private readonly kinds: number[] = [];
  private readonly steps: number[] = [];
  private readonly sequenceSteps: number[] = [];

  add(start: number, end: number, kind: number, steps: number, sequenceSteps: number): void {
    const last = this.start.length - 1;
    if (last >= 0 && this.kinds[last] === kind && this.end[last] === start) {
      this.end[last] = end;
      this.steps[last] = (this.steps[last] as number) + steps;
      this.sequenceSteps[last] = (this.sequenceSteps[last] as number) + sequenceSteps;
      return;
    }
    this.start.push(start);
    this.end.push(end);
    this.kinds.push(kind);
    this.steps.push(steps);
    this.sequenceSteps.push(sequenceSteps);
  }

  result(): StepSpans {
    return {
      startNanoseconds: Float64Array.from(this.start),
      endNanoseconds: Float64Array.from(this.end),
      kind: Uint8Array.from(this.kinds),
      steps: Float64Array.from(this.steps),
      sequences: Float64Array.from(this.steps, (steps, n) =>
        steps === 0 ? 0 : (this.sequenceSteps[n] as number) / steps,
      ),
    };
  }
}
