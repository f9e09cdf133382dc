import type { ModelCost, RunResult, ServeResult } from '../../protocol/index.ts';
import { formatNumber, formatPercent, formatQuantity, formatRate, formatSeconds } from '../../protocol/index.ts';
import { bucketSecondsAt, lateIn, latencyOutcomes } from '../shown.ts';
import { sharePercent } from './share-text.ts';
import { listed } from './verdict-sentence.ts';

/** Each plot's sentence: what it shows of this very run. */

export function latencyFinding(run: RunResult, serve: ServeResult): string {
  const { maxSeconds } = serve.series;
  let worst = -1;
  for (let b = 0; b < maxSeconds.length; b++) {
    if ((maxSeconds[b] ?? Number.NaN) > (maxSeconds[worst] ?? 0)) worst = b;
  }
  if (worst < 0) return 'No request finished in this run.';
  const peak = `The slowest request took ${formatSeconds(maxSeconds[worst] ?? 0)}, around ${formatSeconds(bucketSecondsAt(run.series, worst))}`;
  const limit = latencyOutcomes(serve)[0]?.limit;
  if (limit === undefined) return `${peak}.`;
  const { late, completed, from, to, share } = latePeriod(serve);
  if (late === 0) return `${peak}: no request took longer than ${formatSeconds(limit)}.`;
  const { bucketSeconds, buckets } = run.series;
  const period = `between ${formatSeconds(from * bucketSeconds)} and ${formatSeconds((to + 1) * bucketSeconds)}`;
  const when =
    share === 1 ? `all ${period}` : (to + 1 - from) * 4 <= buckets ? `half of them ${period}` : 'throughout the run';
  return `${formatNumber(late)} of ${formatNumber(completed, 7)} requests (${formatPercent(late / completed, 2)}) took longer than ${formatSeconds(limit)}, ${when}. ${peak}.`;
}

interface LatePeriod {
  readonly late: number;
  readonly completed: number;
  /** First and last bucket of the shortest stretch that holds all late requests, or half of them. */
  readonly from: number;
  readonly to: number;
  readonly share: 1 | 0.5;
}

/** A single crowded stretch is worth naming as a whole; else the shortest that holds half of what was late. */
function latePeriod(serve: ServeResult): LatePeriod {
  const { completed } = serve.series;
  const late = Array.from(completed, (_, bucket) => Math.max(0, lateIn(serve, bucket)));
  const sum = late.reduce((a, b) => a + b, 0);
  const done = completed.reduce((a, b) => a + b, 0);
  const first = late.findIndex((count) => count > 0);
  const last = late.findLastIndex((count) => count > 0);
  if (sum === 0 || (last + 1 - first) * 4 <= late.length) {
    return { late: sum, completed: done, from: first, to: last, share: 1 };
  }
  let best = { from: first, to: last };
  let inside = 0;
  for (let from = first, to = first; to <= last; to++) {
    inside += late[to] ?? 0;
    while (inside - (late[from] ?? 0) >= sum / 2) {
      inside -= late[from] ?? 0;
      from++;
    }
    if (inside >= sum / 2 && to - from < best.to - best.from) best = { from, to };
  }
  return { late: sum, completed: done, ...best, share: 0.5 };
}

export function throughputFinding(serve: ServeResult): string {
  const { offeredRps, completedRps, goodputRps, counts } = serve;
  if (counts.arrived === 0) return 'No request came in this run.';
  const done = `${formatRate(completedRps, 4)} of ${formatRate(offeredRps, 4)} offered were completed`;
  const late = completedRps - goodputRps;
  const good = late > 0 ? `, ${formatRate(late, 4)} of them too late` : '';
  const left = counts.queued + counts.running;
  const rest = left > 0 ? ` ${formatNumber(left, 7)} were still waiting or running at the end.` : '';
  const dropped = counts.dropped > 0 ? ` ${formatNumber(counts.dropped, 7)} were dropped.` : '';
  return `${done}${good}.${rest}${dropped}`;
}

export function queueFinding(run: RunResult, serve: ServeResult): string {
  const { maxQueued } = serve.series;
  let worst = 0;
  for (let b = 0; b < maxQueued.length; b++) {
    if ((maxQueued[b] ?? 0) > (maxQueued[worst] ?? 0)) worst = b;
  }
  const peak = maxQueued[worst] ?? 0;
  if (peak === 0) return 'Nothing ever waited.';
  const quarter = Math.max(1, Math.floor(maxQueued.length / 4));
  const mean = (from: number, to: number) => {
    let sum = 0;
    for (let b = from; b < to; b++) sum += serve.series.queued[b] ?? 0;
    return sum / (to - from);
  };
  const start = mean(0, quarter);
  const end = mean(maxQueued.length - quarter, maxQueued.length);
  const grows = end > 10 && end > 4 * start ? ' The queue grows to the end: the chip cannot carry this load.' : '';
  return `At most ${formatNumber(peak)} waited, around ${formatSeconds(bucketSecondsAt(run.series, worst))}.${grows}`;
}

export function accuracyFinding(serve: ServeResult): string {
  const column = serve.accuracyOverTime;
  if (serve.accuracy === null || column === undefined) return 'No accuracy is stated.';
  const metric = serve.accuracyMetric === null ? '' : ` ${serve.accuracyMetric}`;
  const share =
    serve.burstShare === 0
      ? 'no request was touched by burst mode'
      : `a mixture: burst mode touched ${sharePercent(serve.burstShare)} of the requests`;
  const worst = extremeOf(column.values, (a, b) => a < b);
  const around = bucketSecondsAt({ buckets: column.values.length, bucketSeconds: column.slotSeconds }, worst);
  const lowest = column.values[worst] ?? Number.NaN;
  const least =
    serve.burstShare === 0 || Number.isNaN(lowest)
      ? ''
      : ` The least was ${formatPercent(lowest, 4)}, around ${formatSeconds(around)}.`;
  return `${formatPercent(serve.accuracy, 4)}${metric}, ${share}.${least}`;
}

export function powerFinding(run: RunResult, serve: ServeResult): string {
  const column = run.wattsOverTime;
  if (run.averageWatts === null || column === undefined) return 'No energy is stated.';
  const most = extremeOf(column.values, (a, b) => a > b);
  const around = bucketSecondsAt({ buckets: column.values.length, bucketSeconds: column.slotSeconds }, most);
  const each = serve.energyJoulesPerRequest;
  const request =
    each === null
      ? ''
      : `, ${formatQuantity(each, 'J')} a request${run.serves.length > 1 ? ` of ${serve.name}` : ''} with its share of static power`;
  const highest = column.values[most] ?? Number.NaN;
  const average = formatQuantity(run.averageWatts, 'W');
  if (highest <= run.averageWatts * 1.001) return `${average} throughout${request}.`;
  return `${average} on average${request}. The most was ${formatQuantity(highest, 'W')}, around ${formatSeconds(around)}.`;
}

function extremeOf(values: Float64Array, isBeyond: (a: number, b: number) => boolean): number {
  let found = 0;
  for (let i = 0; i < values.length; i++) {
    const held = values[found] ?? Number.NaN;
    if (Number.isNaN(held) || isBeyond(values[i] ?? Number.NaN, held)) found = i;
  }
  return found;
}

export function timelineFinding(run: RunResult): string {
  const { timeline } = run;
  const whole = run.seconds * timeline.chips;
  const sum = (activity: 'base' | 'burst' | 'quantizing' | 'switching' | 'idle') =>
    timeline.totals.reduce((total, chip) => total + chip[activity], 0) / whole;
  const chips = timeline.chips === 1 ? 'The chip computed' : `The ${timeline.chips} chips computed`;
  const switches = timeline.switches.total;
  // Not whether all of it is idle: sums over chips miss the whole by a rounding.
  if (sum('base') + sum('burst') + sum('quantizing') + sum('switching') === 0)
    return `${timeline.chips === 1 ? 'The chip' : `The ${timeline.chips} chips`} had nothing to do throughout the run.`;
  const shares = [`${sharePercent(sum('base'))} of the time in base mode`];
  // Each as the legend has it: what is quantized for burst mode stands apart.
  if (sum('burst') > 0) shares.push(`${sharePercent(sum('burst'))} in burst mode`);
  if (sum('quantizing') > 0) shares.push(`${sharePercent(sum('quantizing'))} quantizing`);
  const changes =
    switches === 0
      ? 'never changed mode'
      : `changed mode ${switches === 1 ? 'once' : `${formatNumber(switches, 9)} times`} (${formatSeconds(sum('switching') * whole)} in all)`;
  return `${chips} ${listed(shares)}, ${changes}, and idled ${sharePercent(sum('idle'))}.`;
}

export function distributionFinding(serve: ServeResult): string {
  const { latency } = serve;
  const limit = latencyOutcomes(serve)[0]?.limit;
  if (Number.isNaN(latency.p50)) return 'No request finished in this run.';
  const tail = `Half take at most ${formatSeconds(latency.p50)}, 99 % at most ${formatSeconds(latency.p99)}, 99.9 % at most ${formatSeconds(latency.p999)}`;
  if (limit === undefined) return `${tail}.`;
  const ratio = latency.p99 / latency.p50;
  if (ratio < 1.05) return `${tail}: all take as long.`;
  return `${tail}: the tail is ${formatNumber(ratio, 2)} times the median.`;
}

export function layersFinding(base: ModelCost | undefined, burst: ModelCost | undefined): string {
  if (base === undefined) return 'No layer costs were reported.';
  const byBound = new Map<string, number>();
  for (const layer of base.layers) byBound.set(layer.bound, (byBound.get(layer.bound) ?? 0) + layer.cycles);
  const [bound = '', cycles = 0] = [...byBound].sort((a, b) => b[1] - a[1])[0] ?? [];
  const time = `One request takes ${formatSeconds(base.seconds)} in base mode, ${formatPercent(cycles / base.cycles, 2)} of it bound by ${boundWord(bound)}`;
  if (burst === undefined) return `${time}.`;
  const ratio = formatNumber(base.seconds / burst.seconds);
  return `${time}; burst mode takes ${formatSeconds(burst.seconds)}, ${ratio === '1' ? 'no less' : `${ratio} times as fast`}.`;
}

function boundWord(bound: string): string {
  const words: Readonly<Record<string, string>> = {
    hbm: 'HBM',
    cmem: 'CMEM',
    vmem: 'VMEM',
    vector: 'the vector unit',
    quantizer: 'the quantizer',
  };
  return words[bound] ?? bound;
}

export function rooflineFinding(base: ModelCost | undefined): string {
  if (base === undefined) return 'No layer costs were reported.';
  const touching = base.layers.filter((layer) => layer.macs > 0 && Number.isFinite(layer.operationalIntensity));
  const bound = touching.filter((layer) => layer.bound === 'hbm');
  const computing = base.layers.filter((layer) => layer.macs > 0);
  if (touching.length === 0)
    return `None of the ${computing.length} computing layers touches HBM: their weights stay on chip.`;
  const noun = touching.length === 1 ? 'layer touches' : 'layers touch';
  return `${touching.length} of ${computing.length} computing ${noun} HBM; ${bound.length === 0 ? 'none' : bound.length} of them ${bound.length < 2 ? 'waits' : 'wait'} for it.`;
}
