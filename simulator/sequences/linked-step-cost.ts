import { AddedStepCost } from './added-step-cost.ts';
import type { StepCost } from './step-cost.ts';

/**
 * The steps of several chips that exchange partial results: the steps of one chip, and the time on the link, which depends on the tokens of a
 * step alone.
 */
export class LinkedStepCost extends AddedStepCost {
  private readonly fixedSeconds: number;
  private readonly secondsPerToken: number;

  constructor(cost: StepCost, link: { readonly fixedSeconds: number; readonly secondsPerToken: number }) {
    super(cost);
    this.fixedSeconds = link.fixedSeconds;
    this.secondsPerToken = link.secondsPerToken;
  }

  linkPicoseconds(tokens: number): number {
    return Math.round((this.fixedSeconds + tokens * this.secondsPerToken) * PICOSECONDS);
  }

  protected added(tokens: number): number {
    return this.linkPicoseconds(tokens);
  }
}

const PICOSECONDS = 1e12;
