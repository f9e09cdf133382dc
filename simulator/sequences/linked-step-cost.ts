import type { DecodeRun, StepCost, StepWork } from './step-cost.ts';

/**
 * The steps of several chips that exchange partial results: the steps of one chip, and the time on the link, which depends on the tokens of a
 * step alone.
 */
export class LinkedStepCost implements StepCost {
  private readonly cost: StepCost;
  private readonly fixedSeconds: number;
  private readonly secondsPerToken: number;

  constructor(cost: StepCost, link: { readonly fixedSeconds: number; readonly secondsPerToken: number }) {
    this.cost = cost;
    this.fixedSeconds = link.fixedSeconds;
    this.secondsPerToken = link.secondsPerToken;
  }

  picoseconds(work: StepWork): number {
    return this.cost.picoseconds(work) + this.linkPicoseconds(work.tokens);
  }

  decodeRun(
    decodes: number,
    decodeContext: number,
    longestContext: number,
    run: DecodeRun,
    burstContext: number,
  ): void {
    this.cost.decodeRun(decodes, decodeContext, longestContext, run, burstContext);
    run.firstPicoseconds += this.linkPicoseconds(decodes);
  }

  contextFreePicoseconds(tokens: number, sequences: number): number {
    return this.cost.contextFreePicoseconds(tokens, sequences) + this.linkPicoseconds(tokens);
  }

  linkPicoseconds(tokens: number): number {
    return Math.round((this.fixedSeconds + tokens * this.secondsPerToken) * PICOSECONDS);
  }
}

const PICOSECONDS = 1e12;
