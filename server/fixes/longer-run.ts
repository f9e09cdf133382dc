import { assertNever, comparedTexts, type Duration, formatNumber, formatSeconds, sloName } from '../../design/index.ts';
import { changeDuration } from '../../language/index.ts';
import type { BrokenObjective, FixPlan } from './fix-plan.ts';
import { roundUp } from './rounding.ts';

/**
 * How many times as long the run becomes. A confidence interval shrinks with the square root of the number of requests, so each of them halves it
 * at least once more. Longer runs take too long to be tried without a request of the user. Our assumption.
 */
const factors = [4, 16, 64];
const LONGEST = Math.max(...factors);

/** The reasons that a longer run can remove. A maximum over endless traffic, for example, stays undecided. */
const endsByRunning: ReadonlySet<string> = new Set([
  'straddles',
  'rising',
  'short-run',
  'few-bursts',
  'part-of-a-period',
  'unmeasured',
]);

/**
 * Longer runs, until the objective is met or violated. undefined if its verdict is decided, or if a longer run cannot decide it: a replayed trace
 * has no more requests.
 */
export function longerRunPlan({ place, scenario, outcome, before }: BrokenObjective): FixPlan | undefined {
  if (outcome.verdict !== 'undecided' || !endsByRunning.has(outcome.undecided ?? 'straddles')) return undefined;
  if (outcome.recording !== undefined || scenario.serves.some(({ arrivals }) => arrivals.kind === 'trace')) {
    return undefined;
  }
  if ((outcome.needsSeconds ?? 0) > LONGEST * before.main.seconds) return undefined;
  const { duration } = scenario;
  return {
    count: factors.length,
    isMonotone: true,
    meetsAll: false,
    decidesOnly: true,
    candidate: (index) => {
      const factor = factors[index];
      const longer = factor === undefined ? undefined : longerBy(duration, factor);
      const changes = longer && changeDuration(place, longer.text);
      if (longer === undefined || changes === undefined) return undefined;
      return {
        changes,
        title: (decided) =>
          `Run until decided: ${longer.says} (${sloName(decided.slo)} ${comparedTexts(decided).measured}, ${decided.verdict})`,
      };
    },
  };
}

interface Longer {
  /** In the language. */
  readonly text: string;
  readonly says: string;
}

function longerBy(duration: Duration, factor: number): Longer {
  switch (duration.kind) {
    case 'auto': {
      const requests = roundUp(duration.maxRequests * factor);
      const says = `budget of ${formatNumber(requests)} requests instead of ${formatNumber(duration.maxRequests)}`;
      return { text: `auto(${requests} requests)`, says };
    }
    case 'time': {
      const seconds = roundUp(duration.seconds * factor);
      const says = `duration ${formatSeconds(seconds)} instead of ${formatSeconds(duration.seconds)}`;
      return { text: timeText(seconds), says };
    }
    case 'requests': {
      const count = roundUp(duration.count * factor);
      const says = `${formatNumber(count)} requests instead of ${formatNumber(duration.count)}`;
      return { text: `${count} requests`, says };
    }
    default:
      return assertNever(duration);
  }
}

function timeText(seconds: number): string {
  if (seconds >= 1) return `${seconds} s`;
  return seconds >= 1e-3 ? `${roundUp(seconds * 1e3)} ms` : `${roundUp(seconds * 1e6)} us`;
}
