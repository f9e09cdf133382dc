import type { Bound, ModelCost, RunResult, ServeResult } from '../../protocol/index.ts';
import {
  backlogText,
  formatNumber,
  formatPercent,
  formatSeconds,
  lastingOverload,
  measureText,
  offChipName,
  stageName,
} from '../../protocol/index.ts';
import { bucketSecondsAt } from '../model/buckets.ts';
import { lateIn, latencyOutcomes } from '../model/shown.ts';
import { sharePercent } from './share-text.ts';
import { listed } from './verdict-sentence.ts';

/* One sentence for each plot: what it shows of this run. */

export function latencyFinding(run: RunResult, serve: ServeResult): string {
  const { maxSeconds } = serve.series;
  let worst = -1;
  for (let b = 0; b < maxSeconds.length; b++) {
    if ((maxSeconds[b] ?? Number.NaN) > (maxSeconds[worst] ?? 0)) worst = b;
  }
  if (worst < 0) return 'No request finished in this run.';
  const peak = `The slowest request took ${formatSeconds(maxSeconds[worst] ?? 0)} and finished around ${formatSeconds(bucketSecondsAt(run.series, worst))}`;
  const limit = latencyOutcomes(serve)[0]?.limit;
  if (limit === undefined) return `${peak}.`;
  const { late, completed, from, to, share } = latePeriod(serve);
  if (late === 0) return `${peak}. No request took longer than the ${formatSeconds(limit)} limit.`;
  const { bucketSeconds, buckets } = run.series;
  const period = `between ${formatSeconds(from * bucketSeconds)} and ${formatSeconds((to + 1) * bucketSeconds)}`;
  const when =
    share === 1
      ? `all of them ${period}`
      : (to + 1 - from) * 4 <= buckets
        ? `half of them ${period}`
        : 'spread over the run';
  return `${formatNumber(late)} of ${formatNumber(completed, 7)} requests (${formatPercent(late / completed, 2)}) took longer than the ${formatSeconds(limit)} limit, ${when}. ${peak}.`;
}

interface LatePeriod {
  readonly late: number;
  readonly completed: number;
  /** First and last bucket of the shortest period that contains all late requests, or half of them. */
  readonly from: number;
  readonly to: number;
  readonly share: 1 | 0.5;
}

/** The period of all late requests if it is short, else the shortest period that contains half of them. */
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
  if (counts.arrived === 0) return 'No request arrived in this run.';
  const done = throughputText(completedRps, offeredRps, completedRps - goodputRps);
  const left = counts.queued + counts.running;
  const rest =
    left > 0
      ? ` ${formatNumber(left, 7)} ${left === 1 ? 'request was' : 'requests were'} still waiting or running at the end.`
      : '';
  const dropped =
    counts.dropped > 0
      ? ` ${formatNumber(counts.dropped, 7)} ${counts.dropped === 1 ? 'request was' : 'requests were'} dropped.`
      : '';
  return `The chip ${done}.${inTheLongRun(serve)}${rest}${dropped}`;
}

/** A chip can complete more than arrives in a time, from its queue at the beginning. So one rate is not called a part of the other. */
export function throughputText(completedRps: number, offeredRps: number, lateRps: number): string {
  const late = lateRps > 0 ? `, ${measureText('goodput', lateRps)} of them too late` : '';
  return `completed ${measureText('throughput', completedRps)}${late}; ${measureText('offeredLoad', offeredRps)} were offered`;
}

/** Why a run counts more than overload allows. */
function inTheLongRun({ slos, completedRps }: ServeResult): string {
  const { saturationRps = completedRps } = lastingOverload(slos) ?? {};
  if (completedRps <= saturationRps) return '';
  return ` This is more than the ${measureText('throughput', saturationRps)} of the long run: the time of a run can begin within a batch, which counts as a whole.`;
}

export function queueFinding(run: RunResult, serve: ServeResult): string {
  const { maxQueued } = serve.series;
  let worst = 0;
  for (let b = 0; b < maxQueued.length; b++) {
    if ((maxQueued[b] ?? 0) > (maxQueued[worst] ?? 0)) worst = b;
  }
  const peak = maxQueued[worst] ?? 0;
  if (peak === 0) return 'No request waited.';
  const { backlog } = serve;
  const behind = backlog === undefined ? '' : ` The chip falls behind: ${backlogText(backlog)}.`;
  return `At most ${formatNumber(peak)} ${peak === 1 ? 'request' : 'requests'} waited at once, around ${formatSeconds(bucketSecondsAt(run.series, worst))}.${behind}`;
}

export function accuracyFinding(serve: ServeResult): string {
  const column = serve.accuracyOverTime;
  if (serve.accuracy === null || column === undefined) return 'The network has no accuracy figures.';
  const metric = serve.accuracyMetric === null ? '' : ` ${serve.accuracyMetric}`;
  const share =
    serve.burstShare === 0
      ? 'no request ran in burst mode'
      : `the average over all requests, of which ${sharePercent(serve.burstShare)} ran in burst mode`;
  const worst = extremeOf(column.values, (a, b) => a < b);
  const around = bucketSecondsAt({ buckets: column.values.length, bucketSeconds: column.slotSeconds }, worst);
  const lowest = column.values[worst] ?? Number.NaN;
  const least =
    serve.burstShare === 0 || Number.isNaN(lowest)
      ? ''
      : ` The lowest was ${measureText('accuracy', lowest)}, around ${formatSeconds(around)}.`;
  return `The accuracy is ${measureText('accuracy', serve.accuracy)}${metric}, ${share}.${least}`;
}

export function powerFinding(run: RunResult, serve: ServeResult): string {
  const column = run.wattsOverTime;
  if (run.averageWatts === null || column === undefined) return 'The chip has no energy figures.';
  const most = extremeOf(column.values, (a, b) => a > b);
  const around = bucketSecondsAt({ buckets: column.values.length, bucketSeconds: column.slotSeconds }, most);
  const each = serve.energyJoulesPerRequest;
  const request =
    each === null
      ? ''
      : `, or ${measureText('energy', each)} per request${run.serves.length > 1 ? ` to ${serve.name}` : ''} (static power included)`;
  const highest = column.values[most] ?? Number.NaN;
  const average = measureText('power', run.averageWatts);
  if (highest <= run.averageWatts * 1.001) return `The power is ${average} throughout the run${request}.`;
  return `The average power is ${average}${request}. The highest was ${measureText('power', highest)}, around ${formatSeconds(around)}.`;
}

function extremeOf(values: Float64Array, isBeyond: (a: number, b: number) => boolean): number {
  let found = 0;
  for (let i = 0; i < values.length; i++) {
    const known = values[found] ?? Number.NaN;
    if (Number.isNaN(known) || isBeyond(values[i] ?? Number.NaN, known)) found = i;
  }
  return found;
}

export function timelineFinding(run: RunResult): string {
  const { timeline } = run;
  const whole = run.seconds * timeline.chips;
  const sum = (activity: 'base' | 'burst' | 'quantizing' | 'switching' | 'idle') =>
    timeline.totals.reduce((total, chip) => total + chip[activity], 0) / whole;
  // The chips of a language model share each step, so they have one timeline.
  const count = Math.max(timeline.chips, run.serves[0]?.tokens?.chips ?? 1);
  const kinds = run.kinds === undefined ? '' : ` (${run.npu})`;
  const chips = count === 1 ? 'The chip' : `The ${count} chips${kinds}`;
  const switches = timeline.switches.total;
  // Not by comparing the idle time with the whole: sums over chips differ by rounding errors.
  if (sum('base') + sum('burst') + sum('quantizing') + sum('switching') === 0)
    return `${chips} had nothing to do in this run.`;
  const shares = [`ran ${sharePercent(sum('base'))} of the time in base mode`];
  // The same parts as in the legend: quantizing is separate from burst mode.
  if (sum('burst') > 0) shares.push(`${sharePercent(sum('burst'))} in burst mode`);
  if (sum('quantizing') > 0) shares.push(`${sharePercent(sum('quantizing'))} quantizing weights`);
  const changes =
    switches === 0
      ? 'never switched modes'
      : `switched modes ${switches === 1 ? 'once' : `${formatNumber(switches, 9)} times`} (${formatSeconds(sum('switching') * whole)} in total)`;
  return `${chips} ${listed(shares)}, ${changes}, and ${count === 1 ? 'was' : 'were'} idle ${sharePercent(sum('idle'))} of the time.`;
}

export function distributionFinding(serve: ServeResult): string {
  const { latency } = serve;
  const limit = latencyOutcomes(serve)[0]?.limit;
  if (Number.isNaN(latency.p50)) return 'No request finished in this run.';
  const tail = `Half of the requests took at most ${formatSeconds(latency.p50)}, 99 % at most ${formatSeconds(latency.p99)}, 99.9 % at most ${formatSeconds(latency.p999)}`;
  if (limit === undefined) return `${tail}.`;
  const ratio = latency.p99 / latency.p50;
  if (ratio < 1.05) return `${tail}. Nearly all took equally long.`;
  return `${tail}. The 99th percentile is ${formatNumber(ratio, 2)} times the median.`;
}

/** `inSteps`: of a language model, whose request takes many steps. */
export function layersFinding(base: ModelCost | undefined, burst: ModelCost | undefined, inSteps = false): string {
  if (base === undefined) return 'This result contains no layer costs.';
  const byBound = new Map<Bound, number>();
  for (const layer of base.layers) byBound.set(layer.bound, (byBound.get(layer.bound) ?? 0) + layer.cycles);
  const [bound = 'compute', cycles = 0] = [...byBound].sort((a, b) => b[1] - a[1])[0] ?? [];
  const stage = bound === 'compute' ? bound : stageName(bound, base.memories);
  const time = `${inSteps ? 'A step with one token, without attention,' : 'One request'} takes ${formatSeconds(base.seconds)} in base mode. Layers bound by ${stage} take ${formatPercent(cycles / base.cycles, 2)} of it`;
  if (burst === undefined) return `${time}.`;
  const ratio = formatNumber(base.seconds / burst.seconds);
  return `${time}. In burst mode it takes ${formatSeconds(burst.seconds)}, ${ratio === '1' ? 'which is no faster' : `${ratio} times as fast`}.`;
}

export function rooflineFinding(base: ModelCost | undefined): string {
  if (base === undefined) return 'This result contains no layer costs.';
  const touching = base.layers.filter((layer) => layer.macs > 0 && Number.isFinite(layer.operationalIntensity));
  const bound = touching.filter((layer) => layer.bound === 'hbm');
  const computing = base.layers.filter((layer) => layer.macs > 0);
  const memory = offChipName(base.memories);
  if (touching.length === 0)
    return `None of the ${computing.length} layers with products uses ${memory}, because all weights stay on chip.`;
  const verb = touching.length === 1 ? 'uses' : 'use';
  const waiting = `${bound.length === 0 ? 'None' : bound.length} of them ${bound.length < 2 ? 'is' : 'are'} bound by ${memory}.`;
  return `${touching.length} of ${computing.length} layers with products ${verb} ${memory}. ${waiting}`;
}
