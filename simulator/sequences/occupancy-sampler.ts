import type { SequenceSamples } from './input.ts';
import type { SequenceState } from './sequence-state.ts';

/** Samples blocks and sequences at regular times: the values after the last step that ended before or at that time. */
export class OccupancySampler {
  /** The time of the next sample. Infinity without samples. */
  nextNanoseconds: number;
  private readonly state: SequenceState;
  private readonly interval: number;
  private readonly used: number[] = [];
  private readonly running: number[] = [];
  private readonly waiting: number[] = [];
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
      this.nextNanoseconds += this.interval;
    }
    this.lastUsed = this.state.blocks.used;
    this.lastRunning = this.state.runningCount;
    this.lastWaiting = this.state.waitingCount;
  }

  result(): SequenceSamples {
    return {
      intervalNanoseconds: this.interval,
      usedBlocks: Int32Array.from(this.used),
      running: Int32Array.from(this.running),
      waiting: Int32Array.from(this.waiting),
    };
  }
}
