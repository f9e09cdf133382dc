import type { SequenceSamples, StepProgress } from './input.ts';
import type { SequenceState } from './sequence-state.ts';

/**
 * The most samples. Then every second one is dropped and the interval doubles: a run can end long after its last arrival, from which the interval is
 * taken. Our assumption: more than a plot or a day of seconds needs.
 */
const MOST_SAMPLES = 2 ** 17;

/**
 * Samples blocks, sequences and the progress of the steps at regular times: the values after the last step that ended before or at
 * that time.
 */
export class OccupancySampler {
  /** The time of the next sample. Infinity without samples. */
  nextNanoseconds: number;
  private readonly state: SequenceState;
  private interval: number;
  private used: number[] = [];
  private burst: number[] = [];
  private running: number[] = [];
  private waiting: number[] = [];
  private readonly progress = new ProgressLists();
  private lastUsed = 0;
  private lastBurst = 0;
  private lastRunning = 0;
  private lastWaiting = 0;

  constructor(state: SequenceState, intervalNanoseconds: number) {
    this.state = state;
    this.interval = intervalNanoseconds;
    this.nextNanoseconds = intervalNanoseconds > 0 ? 0 : Number.POSITIVE_INFINITY;
  }

  /** Called after a step has ended, at `now`. Takes all samples before it, which still have the values of the last call. */
  enter(now: number): void {
    while (this.nextNanoseconds < now) {
      this.used.push(this.lastUsed);
      this.burst.push(this.lastBurst);
      this.running.push(this.lastRunning);
      this.waiting.push(this.lastWaiting);
      this.progress.push();
      if (this.used.length === MOST_SAMPLES) this.dropHalf();
      this.nextNanoseconds = this.used.length * this.interval;
    }
    this.lastUsed = this.state.blocks.used;
    this.lastBurst = this.state.blocks.usedBurst;
    this.lastRunning = this.state.runningCount;
    this.lastWaiting = this.state.waitingCount;
    this.progress.see(this.state);
  }

  private dropHalf(): void {
    this.used = everySecond(this.used);
    this.burst = everySecond(this.burst);
    this.running = everySecond(this.running);
    this.waiting = everySecond(this.waiting);
    this.progress.dropHalf();
    this.interval *= 2;
  }

  result(): SequenceSamples {
    return {
      intervalNanoseconds: this.interval,
      usedBlocks: Int32Array.from(this.used),
      burstBlocks: Int32Array.from(this.burst),
      running: Int32Array.from(this.running),
      waiting: Int32Array.from(this.waiting),
      progress: this.progress.result(),
    };
  }
}

function everySecond(values: readonly number[]): number[] {
  return values.filter((_, index) => index % 2 === 0);
}

/** The counts of the state as they were after the last step that has ended. */
class ProgressLists {
  private steps: number[] = [];
  private prefillTokens: number[] = [];
  private outputTokens: number[] = [];
  private preemptions: number[] = [];
  private joules: number[] = [];
  private last = { steps: 0, prefillTokens: 0, outputTokens: 0, preemptions: 0, joules: 0 };

  see({ steps, prefillTokens, outputTokens, preemptions, joules }: SequenceState): void {
    const { last } = this;
    last.steps = steps;
    last.prefillTokens = prefillTokens;
    last.outputTokens = outputTokens;
    last.preemptions = preemptions;
    last.joules = joules;
  }

  push(): void {
    const { last } = this;
    this.steps.push(last.steps);
    this.prefillTokens.push(last.prefillTokens);
    this.outputTokens.push(last.outputTokens);
    this.preemptions.push(last.preemptions);
    this.joules.push(last.joules);
  }

  dropHalf(): void {
    this.steps = everySecond(this.steps);
    this.prefillTokens = everySecond(this.prefillTokens);
    this.outputTokens = everySecond(this.outputTokens);
    this.preemptions = everySecond(this.preemptions);
    this.joules = everySecond(this.joules);
  }

  /** With the counts at the end. */
  result(): StepProgress {
    this.push();
    return {
      steps: Float64Array.from(this.steps),
      prefillTokens: Float64Array.from(this.prefillTokens),
      outputTokens: Float64Array.from(this.outputTokens),
      preemptions: Float64Array.from(this.preemptions),
      joules: Float64Array.from(this.joules),
    };
  }
}
