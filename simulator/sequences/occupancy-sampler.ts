import type { SequenceSamples, StepProgress } from './input.ts';
import type { SequenceState } from './sequence-state.ts';

/**
 * Samples blocks, sequences and the progress of the steps at regular times: the values after the last step that ended before or at
 * that time.
 */
export class OccupancySampler {
  /** The time of the next sample. Infinity without samples. */
  nextNanoseconds: number;
  private readonly state: SequenceState;
  private readonly interval: number;
  private readonly used: number[] = [];
  private readonly running: number[] = [];
  private readonly waiting: number[] = [];
  private readonly progress = new ProgressLists();
  private lastUsed = 0;
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
      this.running.push(this.lastRunning);
      this.waiting.push(this.lastWaiting);
      this.progress.push();
      this.nextNanoseconds += this.interval;
    }
    this.lastUsed = this.state.blocks.used;
    this.lastRunning = this.state.runningCount;
    this.lastWaiting = this.state.waitingCount;
    this.progress.see(this.state);
  }

  result(): SequenceSamples {
    return {
      intervalNanoseconds: this.interval,
      usedBlocks: Int32Array.from(this.used),
      running: Int32Array.from(this.running),
      waiting: Int32Array.from(this.waiting),
      progress: this.progress.result(),
    };
  }
}

/** The counts of the state as they were after the last step that has ended. */
class ProgressLists {
  private readonly steps: number[] = [];
  private readonly prefillTokens: number[] = [];
  private readonly outputTokens: number[] = [];
  private readonly preemptions: number[] = [];
  private readonly joules: number[] = [];
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
