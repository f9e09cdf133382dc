import { type DecodeRun, noWork, type StepCost, type StepWork, setDecodes } from './step-cost.ts';

/**
 * The steps of one mode over a KV cache in which some tokens have the format of base mode and others that of burst mode. Attention reads each
 * token in its format: its time is between those of the two formats, in proportion to the tokens of each.
 *
 * Time is linear in the bytes where the cache bounds attention, so the proportion is exact there. Where the arrays bound it, both formats take the
 * same time. Between them, the maximum of two lines is at most its chord, so a step is never too fast.
 */
export class MixedStepCost implements StepCost {
  private readonly base: StepCost;
  private readonly burst: StepCost;
  private readonly work: StepWork = noWork();
  private readonly run: DecodeRun = { firstPicoseconds: 0, growthPicoseconds: 0, steps: 0 };

  /** The costs of the mode if every cached token has the format of base mode, and if every one has that of burst mode. */
  constructor(base: StepCost, burst: StepCost) {
    this.base = base;
    this.burst = burst;
  }

  picoseconds(work: StepWork): number {
    const { decodes, decodeContext, longestContext, prefillTokens, prefillKeys } = work;
    const { burstDecodeContext, burstPrefillKeys } = work;
    if (prefillTokens === 0) {
      this.decodeRun(decodes, decodeContext, longestContext, this.run, burstDecodeContext);
      return this.run.firstPicoseconds;
    }
    if (burstDecodeContext === 0 && burstPrefillKeys === 0) return this.base.picoseconds(work);
    if (burstDecodeContext === decodeContext && burstPrefillKeys === prefillKeys) return this.burst.picoseconds(work);
    let difference = (burstPrefillKeys / prefillKeys) * this.prefillDifference(work);
    if (decodes > 0) {
      difference +=
        (burstDecodeContext / decodeContext) * this.decodeDifference(decodes, decodeContext, longestContext);
    }
    return Math.max(0, this.base.picoseconds(work) + Math.round(difference));
  }

  /** A step over both formats has no line, because the share of each changes with every token. */
  decodeRun(
    decodes: number,
    decodeContext: number,
    longestContext: number,
    run: DecodeRun,
    burstContext: number,
  ): void {
    const cost = burstContext === decodeContext ? this.burst : this.base;
    cost.decodeRun(decodes, decodeContext, longestContext, run, burstContext);
    if (burstContext === 0 || burstContext === decodeContext) return;
    const share = burstContext / decodeContext;
    const difference = this.decodeDifference(decodes, decodeContext, longestContext);
    run.firstPicoseconds = Math.max(0, run.firstPicoseconds + Math.round(share * difference));
    run.growthPicoseconds = 0;
    run.steps = 1;
  }

  contextFreePicoseconds(tokens: number, sequences: number): number {
    return this.base.contextFreePicoseconds(tokens, sequences);
  }

  /** What attention of decoding sequences saves or costs if all of their tokens have the format of burst mode. */
  private decodeDifference(decodes: number, decodeContext: number, longestContext: number): number {
    const { work } = this;
    setDecodes(work, decodes, decodeContext, longestContext, 0);
    return attention(this.burst, work) - attention(this.base, work);
  }

  /** The same for the chunks of prompts. */
  private prefillDifference({ prefillTokens, prefillContext, sequences, decodes }: StepWork): number {
    const { work } = this;
    work.tokens = prefillTokens;
    work.sequences = sequences - decodes;
    work.prefillTokens = prefillTokens;
    work.prefillContext = prefillContext;
    work.decodes = 0;
    work.decodeContext = 0;
    work.longestContext = 0;
    return attention(this.burst, work) - attention(this.base, work);
  }
}

function attention(cost: StepCost, work: StepWork): number {
  return cost.picoseconds(work) - cost.contextFreePicoseconds(work.tokens, work.sequences);
}
