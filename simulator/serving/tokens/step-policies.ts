import { assertNever, type Slo } from '../../../design/index.ts';
import type { BurstSteps, SequenceState, StepPolicy } from '../../sequences/index.ts';
import { deadlineSeconds, type RunInput, type ServeInput, type StepsInput } from '../input.ts';
import { SlackSteps, type TokenDeadlines } from './slack-steps.ts';

/** Never changes its decision. */
class FixedPolicy implements StepPolicy {
  readonly holdsUntilNanoseconds = Number.POSITIVE_INFINITY;
  private readonly isBurst: boolean;

  constructor(isBurst: boolean) {
    this.isBurst = isBurst;
  }

  wantsBurst(): boolean {
    return this.isBurst;
  }
}

/** Bursts while at least a number of requests wait. */
class QueuePolicy implements StepPolicy {
  holdsUntilNanoseconds = Number.POSITIVE_INFINITY;
  private readonly threshold: number;

  constructor(threshold: number) {
    this.threshold = threshold;
  }

  wantsBurst(state: SequenceState): boolean {
    const { waitingCount, nextArrival, requests } = state;
    // Arrivals that cannot be admitted do not end a sum of steps, so the decision lasts until the one that reaches the threshold.
    const missing = this.threshold - waitingCount;
    const arrival = missing > 0 ? requests.arrivalNanoseconds[nextArrival + missing - 1] : undefined;
    this.holdsUntilNanoseconds = arrival ?? Number.POSITIVE_INFINITY;
    return waitingCount >= this.threshold;
  }
}

function deadlinesOf(slos: readonly Slo[]): TokenDeadlines {
  return {
    latency: deadlineSeconds(slos),
    ttft: deadlineSeconds(slos, 'ttft'),
    tpot: deadlineSeconds(slos, 'tpot'),
  };
}

/** The burst mode of a run. undefined: every step runs in base mode. */
export function burstStepsOf(
  { canBurst, burst, switchLatencySeconds }: RunInput,
  { steps, slos }: ServeInput & { readonly steps: StepsInput },
): BurstSteps | undefined {
  const { burstCost } = steps;
  if (!canBurst || burstCost === null) return undefined;
  const energy = steps.energy?.burst;
  const costs = { cost: burstCost, ...(energy === undefined ? {} : { energy }) };
  const switchPicoseconds = Math.round(switchLatencySeconds * 1e12);
  switch (burst.kind) {
    case 'never':
    case 'oracle':
      return undefined;
    case 'always':
      return { ...costs, switchPicoseconds: 0, policy: new FixedPolicy(true) };
    case 'queue':
      return { ...costs, switchPicoseconds, policy: new QueuePolicy(burst.threshold) };
    case 'slack':
      return {
        ...costs,
        switchPicoseconds,
        policy: new SlackSteps(steps.baseCost, deadlinesOf(slos), burst.guardFraction, burst.holdSeconds),
      };
    default:
      return assertNever(burst);
  }
}
