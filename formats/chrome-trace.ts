import {
  type Activity,
  activities,
  chipNames,
  type ModelCost,
  type RunResult,
  type ScenarioResult,
} from '../design/index.ts';

/** Reserved colour names of chrome://tracing. Perfetto chooses colours by the name of the slice, which contains the activity too. */
const colours: Readonly<Record<Activity, string>> = {
  idle: 'grey',
  base: 'thread_state_running',
  burst: 'thread_state_iowait',
  switching: 'terrible',
  quantizing: 'thread_state_runnable',
};

/** The most process ids of one run: one for each chip, and one for its queues. */
const processesPerRun = 100_000;

/**
 * Writes Trace Event JSON (the format of Chrome and Perfetto). The chips of every run are processes. Their segments inside the window of
 * the timeline are on lanes, with as many lanes as segments overlap. Mode switches are marks. Queue depths, and the share of each activity
 * over the whole run, are counters. Times are microseconds from the start of the run, exact to the nanosecond.
 */
export function writeChromeTrace(result: RunResult | ScenarioResult): string {
  const runs = 'main' in result ? [result.main, ...result.variants] : [result];
  const layers = layerNames('main' in result ? result.layers : []);
  const events: string[] = [];
  runs.forEach((run, index) => {
    writeRun(events, run, index, layers);
  });
  const other = {
    runs: runs.map(({ label, npu, scheduler, seed, seconds }) => ({ label, npu, scheduler, seed, seconds })),
  };
  return `{"displayTimeUnit":"ms","otherData":${JSON.stringify(other)},"traceEvents":[\n${events.join(',\n')}\n]}\n`;
}

type LayerNames = ReadonlyMap<string, readonly string[]>;

function layerNames(costs: readonly ModelCost[]): LayerNames {
  return new Map(costs.map((cost) => [cost.model, cost.layers.map((layer) => layer.layer)]));
}

/** Microseconds with three digits after the decimal point, which are whole nanoseconds. */
function microseconds(nanoseconds: number): string {
  const whole = Math.floor(nanoseconds / 1000);
  const rest = nanoseconds - whole * 1000;
  return rest === 0 ? String(whole) : `${whole}.${String(rest).padStart(3, '0')}`;
}

function toNanoseconds(seconds: number): number {
  return Math.round(seconds * 1e9);
}

function writeRun(events: string[], run: RunResult, index: number, layers: LayerNames): void {
  const firstProcess = index * processesPerRun + 1;
  const push = (event: Readonly<Record<string, unknown>>) => events.push(JSON.stringify(event));
  const { timeline } = run;
  const names = run.kinds === undefined ? undefined : chipNames(run);
  for (let chip = 0; chip < timeline.chips; chip++) {
    const pid = firstProcess + chip;
    const name = names?.[chip] ?? `chip ${chip + 1} (${run.npu})`;
    push({ ph: 'M', name: 'process_name', pid, tid: 0, args: { name: `${run.label}: ${name}` } });
    push({ ph: 'M', name: 'process_sort_index', pid, tid: 0, args: { sort_index: pid } });
  }
  writeSegments(events, run, firstProcess, layers);
  const { switches } = timeline;
  for (let at = 0; at < switches.startSeconds.length; at++) {
    const ts = microseconds(toNanoseconds(switches.startSeconds[at] ?? 0));
    const pid = firstProcess + (switches.chip[at] ?? 0);
    const name = switches.toBurst[at] === 1 ? 'to burst' : 'to base';
    events.push(`{"ph":"i","s":"p","cat":"switch","name":"${name}","pid":${pid},"tid":1,"ts":${ts}}`);
  }
  writeShares(events, run, firstProcess);
  writeQueues(events, run, firstProcess + timeline.chips);
}

/**
 * Assigns each segment to the first lane that is free at its start, so there are several lanes only if segments overlap. A segment is
 * written as a begin and an end event, and not as a start with a duration. A reader that adds two decimal fractions in floating point would
 * compute neighbours that overlap by less than a nanosecond, and drop one of them (Perfetto: slice_drop_overlapping_complete_event).
 */
function writeSegments(events: string[], run: RunResult, firstProcess: number, layers: LayerNames): void {
  const { segments, chips } = run.timeline;
  const lanes: number[][] = Array.from({ length: chips }, () => []);
  const names = new Map<number, string>();
  for (let index = 0; index < segments.startSeconds.length; index++) {
    const chip = segments.chip[index] ?? 0;
    const start = toNanoseconds(segments.startSeconds[index] ?? 0);
    const end = Math.max(start, toNanoseconds(segments.endSeconds[index] ?? 0));
    const ends = lanes[chip] ?? [];
    let lane = ends.findIndex((free) => free <= start);
    if (lane < 0) lane = ends.length;
    ends[lane] = end;
    const kind = segments.activity[index] ?? 0;
    const serveIndex = segments.serve[index] ?? 0;
    const activity = activities[kind] ?? 'idle';
    const serve = run.serves[serveIndex];
    const key = kind * 65_536 + serveIndex;
    let name = names.get(key);
    if (name === undefined) {
      name = JSON.stringify(serve === undefined ? activity : `${serve.name} ${activity}`);
      names.set(key, name);
    }
    const place = `"pid":${firstProcess + chip},"tid":${lane + 1}`;
    const args = serve === undefined ? '{}' : segmentArguments(run, index, serve.model, layers);
    events.push(
      `{"ph":"B","cat":"${activity}","cname":"${colours[activity]}","name":${name},${place},"ts":${microseconds(start)},"args":${args}}`,
      `{"ph":"E","name":${name},${place},"ts":${microseconds(end)}}`,
    );
  }
  lanes.forEach((ends, chip) => {
    ends.forEach((_, lane) => {
      const args = { name: lane === 0 ? 'batches' : `batches, lane ${lane + 1}` };
      events.push(JSON.stringify({ ph: 'M', name: 'thread_name', pid: firstProcess + chip, tid: lane + 1, args }));
    });
  });
}

function segmentArguments(run: RunResult, index: number, model: string, layers: LayerNames): string {
  const { segments } = run.timeline;
  const first = segments.firstLayer[index] ?? 0;
  const last = segments.lastLayer[index] ?? 0;
  const names = layers.get(model);
  return JSON.stringify({
    model,
    batchSize: segments.batchSize[index] ?? 0,
    firstLayer: names?.[first] ?? first,
    lastLayer: names?.[last] ?? last,
  });
}

/** The percentage of each bucket that a chip spent on each activity. Outside of the window, only this is known. */
function writeShares(events: string[], run: RunResult, firstProcess: number): void {
  const { chips, overview } = run.timeline;
  for (let chip = 0; chip < chips; chip++) {
    for (let bucket = 0; bucket < overview.buckets; bucket++) {
      const from = (chip * overview.buckets + bucket) * activities.length;
      const parts = activities.flatMap((activity, at) =>
        activity === 'idle' ? [] : [`"${activity}":${percent(overview.shares[from + at] ?? 0)}`],
      );
      const ts = microseconds(toNanoseconds(bucket * overview.bucketSeconds));
      events.push(`{"ph":"C","name":"activity %","pid":${firstProcess + chip},"ts":${ts},"args":{${parts.join(',')}}}`);
    }
  }
}

function percent(share: number): number {
  return Number.isFinite(share) ? Math.round(share * 1e4) / 100 : 0;
}

function writeQueues(events: string[], run: RunResult, pid: number): void {
  const { buckets, bucketSeconds } = run.series;
  events.push(JSON.stringify({ ph: 'M', name: 'process_name', pid, tid: 0, args: { name: `${run.label}: queues` } }));
  for (const serve of run.serves) {
    const name = JSON.stringify(`${serve.name} queue`);
    for (let bucket = 0; bucket < buckets; bucket++) {
      const queued = serve.series.queued[bucket] ?? 0;
      if (!Number.isFinite(queued)) continue;
      const ts = microseconds(toNanoseconds(bucket * bucketSeconds));
      events.push(`{"ph":"C","name":${name},"pid":${pid},"ts":${ts},"args":{"waiting":${queued}}}`);
    }
  }
}
