import type { DecodeRun, StepCost, StepWork } from './step-cost.ts';

/** The steps of another cost, and a time that depends on their tokens and sequences alone. */
export abstract class AddedStepCost implements StepCost {
  protected readonly cost: StepCost;

  constructor(cost: StepCost) {
    this.cost = cost;
  }

  /** The time that a step takes in addition, in whole picoseconds. */
  protected abstract added(tokens: number, sequences: number): number;

  abstract linkPicoseconds(tokens: number): number;

  picoseconds(work: StepWork): number {
    return this.cost.picoseconds(work) + this.added(work.tokens, work.sequences);
  }

  decodeRun(
    decodes: number,
    decodeContext: number,
    longestContext: number,
    run: DecodeRun,
    burstContext: number,
  ): void {
    this.cost.decodeRun(decodes, decodeContext, longestContext, run, burstContext);
    run.firstPicoseconds += this.added(decodes, decodes);
  }

  contextFreePicoseconds(tokens: number, sequences: number): number {
    return this.cost.contextFreePicoseconds(tokens, sequences) + this.added(tokens, sequences);
  }
}
