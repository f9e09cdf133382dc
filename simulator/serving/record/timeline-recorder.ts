import { activities, type Timeline } from '../../../design/index.ts';
import { BUCKETS, foldRows } from './buckets.ts';
import type { Clock } from './clock.ts';
import { RequestLog } from './request-log.ts';

const IDLE = activities.indexOf('idle');
export const BASE = activities.indexOf('base');
export const BURSTING = activities.indexOf('burst');
export const SWITCH = activities.indexOf('switching');
export const QUANTIZING = activities.indexOf('quantizing');
const KINDS = activities.length;

/** Largest numbers of segments and switches. Our assumption: a chart can show them, and a message can contain them. */
const COALESCED_SEGMENTS = 8192;
const DETAILED_SEGMENTS = 65536;
const SWITCHES = 4096;
const RESERVE_PER_CHIP = 256;
/** `serve` of a segment that belongs to no serve. */
export const NO_SERVE = 65535;

/** The fields of a chip that the recorder reads: its number, and the seconds per activity in the current bucket. */
interface RecordedChip {
  readonly index: number;
  readonly activitySeconds: Float64Array;
}

/** What a timeline stores. `window`: one segment for each layer inside it. `measuresOnly`: no segments and no switches. */
export interface RecordingOptions {
  readonly window?: { readonly startSeconds: number; readonly endSeconds: number };
  readonly measuresOnly?: boolean;
}

/**
 * Records the activities of the chips: exact totals, amounts per bucket, the first switches up to a budget, and the
 * segments inside a window of time. Without a requested window, it stores segments from 0 until the budget is used.
 */
export class TimelineRecorder {
  readonly totals: Float64Array;
  readonly amounts: Float64Array;
  switches = 0;
  /** Whether each layer has its own segment. Otherwise neighbouring layers with the same activity share one. */
  readonly detailed: boolean;
  /** Whether nothing is stored but the totals of the chips. A busy chip then counts as in the activity of its mode. */
  readonly countsOnly: boolean;
  /** The requests of each batch that ended, if the timeline is detailed. */
  readonly requests: RequestLog;
  private readonly chips: readonly RecordedChip[];
  private readonly clock: Clock;
  private readonly windowStart: number;
  private windowEnd: number;
  private bucketStart = 0;
  private bucket = 0;
  private readonly budget: number;
  private segments = 0;
  private readonly start: Float64Array;
  private readonly end: Float64Array;
  private readonly chip: Uint16Array;
  private readonly activity: Uint8Array;
  private readonly serve: Uint16Array;
  private readonly batch: Uint16Array;
  private readonly first: Uint16Array;
  private readonly last: Uint16Array;
  /** The batch of each segment. Empty without a requested window. */
  private readonly number: Uint32Array;
  private readonly switchStart: Float64Array;
  private readonly switchToBurst: Uint8Array;
  private readonly switchChip: Uint16Array;
  private widthSeconds: number;

  constructor(
    chips: readonly RecordedChip[],
    widthSeconds: number,
    { window, measuresOnly = false }: RecordingOptions,
    clock: Clock,
  ) {
    this.chips = chips;
    this.widthSeconds = widthSeconds;
    this.totals = new Float64Array(chips.length * KINDS);
    this.amounts = new Float64Array(measuresOnly ? 0 : BUCKETS * chips.length * KINDS);
    this.detailed = window !== undefined;
    this.countsOnly = measuresOnly;
    this.windowStart = window?.startSeconds ?? 0;
    this.windowEnd = measuresOnly ? 0 : (window?.endSeconds ?? Number.POSITIVE_INFINITY);
    this.clock = clock;
    this.requests = new RequestLog(window);
    this.budget = this.detailed ? DETAILED_SEGMENTS : COALESCED_SEGMENTS;
    // A segment is recorded at its end. When the budget is used, the segments that the chips have already started still
    // belong to the window.
    const budget = measuresOnly ? 0 : this.budget + RESERVE_PER_CHIP * chips.length;
    this.start = new Float64Array(budget);
    this.end = new Float64Array(budget);
    this.chip = new Uint16Array(budget);
    this.activity = new Uint8Array(budget);
    this.serve = new Uint16Array(budget);
    this.batch = new Uint16Array(budget);
    this.first = new Uint16Array(budget);
    this.last = new Uint16Array(budget);
    this.number = new Uint32Array(this.detailed ? budget : 0);
    const switches = measuresOnly ? 0 : SWITCHES;
    this.switchStart = new Float64Array(switches);
    this.switchToBurst = new Uint8Array(switches);
    this.switchChip = new Uint16Array(switches);
  }

  /** Whether the interval of the clock overlaps the window. */
  wants(): boolean {
    return this.clock.from < this.windowEnd && this.clock.to > this.windowStart;
  }

  /** Adds the interval of the clock to an activity of a chip. */
  count(chip: RecordedChip, activity: number): void {
    const { from, to } = this.clock;
    if (this.countsOnly || from >= this.bucketStart) {
      // The most frequent case: the whole interval is in the current bucket.
      chip.activitySeconds[activity] = (chip.activitySeconds[activity] as number) + (to - from);
    } else this.spread(chip.index, activity);
  }

  private spread(chip: number, activity: number): void {
    const { from, to } = this.clock;
    const total = chip * KINDS + activity;
    this.totals[total] = (this.totals[total] as number) + (to - from);
    const width = this.widthSeconds;
    let bucket = Math.min(BUCKETS - 1, Math.floor(from / width));
    let begin = from;
    for (;;) {
      const end = bucket === BUCKETS - 1 ? to : Math.min(to, (bucket + 1) * width);
      const at = (bucket * this.chips.length + chip) * KINDS + activity;
      if (end > begin) this.amounts[at] = (this.amounts[at] as number) + (end - begin);
      if (end >= to) return;
      begin = Math.max(begin, end);
      bucket++;
    }
  }

  /** Stores the interval of the clock as a segment if it overlaps the window. */
  segment(
    chip: number,
    activity: number,
    serve: number,
    size: number,
    first: number,
    last: number,
    batch: number,
  ): void {
    if (!this.wants()) return;
    const { from, to } = this.clock;
    const at = this.segments;
    if (at === this.budget) this.windowEnd = Math.min(this.windowEnd, to);
    if (at === this.start.length) {
      this.windowEnd = Math.min(this.windowEnd, from);
      return;
    }
    this.segments++;
    this.start[at] = from;
    this.end[at] = to;
    this.chip[at] = chip;
    this.activity[at] = activity;
    this.serve[at] = serve;
    this.batch[at] = size;
    this.first[at] = first;
    this.last[at] = last;
    this.number[at] = batch;
  }

  /** Counts a switch that starts now. Stores it if the budget allows. */
  change(chip: number, toBurst: boolean): void {
    const at = this.switches++;
    if (at >= this.switchStart.length) return;
    this.switchStart[at] = this.clock.now;
    this.switchToBurst[at] = toBurst ? 1 : 0;
    this.switchChip[at] = chip;
  }

  /** Adds the activities of the current bucket to the columns. */
  flush(): void {
    for (const chip of this.chips) {
      for (let kind = 0; kind < KINDS; kind++) {
        const seconds = chip.activitySeconds[kind] as number;
        if (seconds === 0) continue;
        const total = chip.index * KINDS + kind;
        const at = this.bucket * this.chips.length * KINDS + total;
        this.totals[total] = (this.totals[total] as number) + seconds;
        if (!this.countsOnly) this.amounts[at] = (this.amounts[at] as number) + seconds;
        chip.activitySeconds[kind] = 0;
      }
    }
  }

  /** Starts a bucket. */
  enter(bucket: number): void {
    this.bucket = Math.min(bucket, BUCKETS - 1);
    this.bucketStart = bucket * this.widthSeconds;
  }

  /** Doubles the width of the buckets. */
  fold(): void {
    if (!this.countsOnly) foldRows(this.amounts, this.chips.length * KINDS, BUCKETS);
    this.widthSeconds *= 2;
  }

  /** Seconds in which a chip was not idle. Complete after `flush`. */
  busySeconds(chip: number): number {
    let busy = 0;
    for (let kind = 0; kind < KINDS; kind++) busy += this.totals[chip * KINDS + kind] as number;
    return busy;
  }

  /** The timeline of a run that ended at `endSeconds` and used `buckets` buckets. */
  result(endSeconds: number, buckets: number): Timeline {
    const chips = this.chips.length;
    const width = this.widthSeconds;
    const shares = new Float32Array(chips * buckets * KINDS);
    for (let chip = 0; chip < chips; chip++) {
      for (let bucket = 0; bucket < buckets; bucket++) {
        const length = Math.min(width, endSeconds - bucket * width);
        let busy = 0;
        for (let kind = 0; kind < KINDS; kind++) {
          if (kind === IDLE) continue;
          const share = length > 0 ? (this.amounts[(bucket * chips + chip) * KINDS + kind] as number) / length : 0;
          busy += share;
          shares[(chip * buckets + bucket) * KINDS + kind] = share;
        }
        shares[(chip * buckets + bucket) * KINDS + IDLE] = Math.max(0, 1 - busy);
      }
    }
    const totals = Array.from({ length: chips }, (_, chip) => {
      const of = (kind: number) => this.totals[chip * KINDS + kind] as number;
      const busy = of(BASE) + of(BURSTING) + of(SWITCH) + of(QUANTIZING);
      return {
        idle: Math.max(0, endSeconds - busy),
        base: of(BASE),
        burst: of(BURSTING),
        switching: of(SWITCH),
        quantizing: of(QUANTIZING),
      };
    });
    return {
      chips,
      totals,
      overview: { buckets, bucketSeconds: width, shares },
      segments: this.sortedSegments(endSeconds),
      switches: {
        total: this.switches,
        startSeconds: this.switchStart.slice(0, this.switches),
        toBurst: this.switchToBurst.slice(0, this.switches),
        chip: this.switchChip.slice(0, this.switches),
      },
    };
  }

  /** The segments in the order of their starts. They were recorded in the order of their ends. */
  private sortedSegments(endSeconds: number): Timeline['segments'] {
    const count = this.segments;
    const order = new Uint32Array(count);
    // Insertion sort, because the segments are almost sorted. Each one moves only before the few segments of other chips
    // that started later and ended earlier.
    for (let i = 0; i < count; i++) {
      const start = this.start[i] as number;
      let place = i;
      while (place > 0 && (this.start[order[place - 1] as number] as number) > start) {
        order[place] = order[place - 1] as number;
        place--;
      }
      order[place] = i;
    }
    return {
      windowStartSeconds: Math.min(this.windowStart, endSeconds),
      windowEndSeconds: Math.min(this.windowEnd, endSeconds),
      startSeconds: pick(this.start, order, new Float64Array(count)),
      endSeconds: pick(this.end, order, new Float64Array(count)),
      chip: pick(this.chip, order, new Uint16Array(count)),
      activity: pick(this.activity, order, new Uint8Array(count)),
      serve: pick(this.serve, order, new Uint16Array(count)),
      batchSize: pick(this.batch, order, new Uint16Array(count)),
      firstLayer: pick(this.first, order, new Uint16Array(count)),
      lastLayer: pick(this.last, order, new Uint16Array(count)),
      ...(this.detailed
        ? { batch: pick(this.number, order, new Uint32Array(count)), requests: this.requests.result(endSeconds) }
        : {}),
    };
  }
}

/**
 * The items of a column at the given places. A loop, because `from` with a function uses an iterator and is twenty
 * times slower.
 */
function pick<T extends Float64Array | Uint32Array | Uint16Array | Uint8Array>(
  column: T,
  places: Uint32Array,
  target: T,
): T {
  for (let i = 0; i < places.length; i++) target[i] = column[places[i] as number] as number;
  return target;
}
