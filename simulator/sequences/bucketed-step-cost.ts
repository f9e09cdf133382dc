import { AddedStepCost } from './added-step-cost.ts';
import type { StepCost } from './step-cost.ts';

/**
 * The time of a step on a chip whose compiler fixed the shapes: the tokens of a step are padded to the next larger bucket, so the time is a
 * staircase in tokens. Attention and the layers of each sequence depend on what is really there (our assumption: engines compile these kernels
 * for any length, and XLA pads the rest).
 */
export class BucketedStepCost extends AddedStepCost {
  /** The padded number of tokens, by the number of tokens. */
  private readonly padded: Int32Array;

  /** `buckets` are ascending. The last one is the largest step. */
  constructor(cost: StepCost, buckets: readonly number[]) {
    super(cost);
    this.padded = new Int32Array((buckets.at(-1) ?? 0) + 1);
    let from = 1;
    for (const bucket of buckets) {
      this.padded.fill(bucket, from, bucket + 1);
      from = bucket + 1;
    }
  }

  linkPicoseconds(tokens: number): number {
    return this.cost.linkPicoseconds?.(this.padded[tokens] as number) ?? 0;
  }

  protected added(tokens: number, sequences: number): number {
    const { cost } = this;
    return (
      cost.contextFreePicoseconds(this.padded[tokens] as number, sequences) -
      cost.contextFreePicoseconds(tokens, sequences)
    );
  }
}
