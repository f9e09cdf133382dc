import { assertNever } from './assert-never.ts';
import { openText } from './caveat-text.ts';
import { type Bound, bounds } from './cost.ts';
import { formatPercentileSeconds, latencyFloorSeconds } from './latency-floor.ts';
import { measures, measureText, objectiveMeasures } from './measures.ts';
import { formatNumber, formatPercent, formatRate, formatSeconds } from './quantity-text.ts';
import type { LatencyBreakdown, Overload, SloOutcome } from './result.ts';
import type { Slo } from './scenario.ts';

/* An objective and its outcome in words: editor, panel and terminal say them alike. */

/** "p99 latency", "mean latency", "goodput". */
export function sloName(slo: Slo): string {
  if (slo.metric !== 'latency') return slo.metric;
  const { statistic } = slo;
  if (statistic.kind === 'percentile') return `${percentileName(statistic.fraction)} latency`;
  return statistic.kind === 'max' ? 'largest latency' : 'mean latency';
}

/** 0.999 is "p99.9". */
export function percentileName(fraction: number): string {
  // As many digits as a percentile can be written with: p99.99999 is not p100.
  return `p${formatNumber(fraction * 100, 12)}`;
}

/** A value in the unit of the objective. */
export function sloValue(slo: Slo, value: number, digits: number = sloDigits(slo)): string {
  return measureText(objectiveMeasures[slo.metric], value, digits);
}

function sloDigits({ metric }: Slo): number {
  return measures[objectiveMeasures[metric]].digits;
}

const mostDigits = 7;

function isPercentile(slo: Slo): boolean {
  return slo.metric === 'latency' && slo.statistic.kind === 'percentile';
}

/** Whether only an upper bound of the measured value is known. How far it is over its limit is then not known either. */
function isUpperBound({ slo, measured }: SloOutcome): boolean {
  return isPercentile(slo) && measured.value <= latencyFloorSeconds;
}

/**
 * Measured value and limit with as many digits as it takes to see that they differ: 15.002 ms misses 15 ms. `digits` are the
 * ones it took.
 */
export function comparedTexts(outcome: SloOutcome): {
  readonly measured: string;
  readonly limit: string;
  readonly digits: number;
} {
  const { slo, limit } = outcome;
  const { value } = outcome.measured;
  for (let digits = sloDigits(slo); ; digits++) {
    const measured = isPercentile(slo) ? formatPercentileSeconds(value, digits) : sloValue(slo, value, digits);
    const limitText = sloValue(slo, limit, digits);
    if (measured !== limitText || value === limit || digits >= mostDigits)
      return { measured, limit: limitText, digits };
  }
}

/** From this multiple of the limit on, a miss is said as a multiple: "143 times its 15 ms". */
const toldAsMultiple = 3;

/** "67.4 times": how a latency far over its limit is said. */
function missMultiple(missFraction: number): string {
  return `${formatNumber(missFraction + 1)} times`;
}

/** A distance without its limit, for a column: "5.2 % over", "67.4 times it", "12 % to spare"; '' where nothing was measured. */
export function sloMargin(outcome: SloOutcome): string {
  const { slo, missFraction, overload } = outcome;
  // What a run measured before the queue had grown is no room.
  if (overload !== undefined && !(missFraction > 0)) return 'overload';
  if (!Number.isFinite(missFraction)) return '';
  if (missFraction === 0) return 'exactly at it';
  const size = formatPercent(Math.abs(missFraction), 2);
  if (missFraction < 0) return `${size} to spare`;
  if (isUpperBound(outcome)) return outcome.verdict === 'violated' ? 'over it' : '';
  if (slo.metric !== 'latency') return `${size} under`;
  return missFraction + 1 >= toldAsMultiple ? `${missMultiple(missFraction)} it` : `${size} over`;
}

const nothingFinished = 'no measured request finished';

/** "16 % over its 6 ms", "143 times its 15 ms", "0.2 % short of its 76.3 %", "with 71 % of room to its 15 ms". */
export function sloDistance(outcome: SloOutcome): string {
  const { slo, missFraction } = outcome;
  if (Number.isNaN(missFraction)) return nothingFinished;
  const { limit } = comparedTexts(outcome);
  const size = formatPercent(Math.abs(missFraction), 2);
  if (missFraction === 0) return `exactly at its ${limit}`;
  if (missFraction < 0) return `with ${size} of room to its ${limit}`;
  if (isUpperBound(outcome)) return outcome.verdict === 'violated' ? `over its ${limit}` : `beside a limit of ${limit}`;
  if (slo.metric !== 'latency') return `${size} short of its ${limit}`;
  return missFraction + 1 >= toldAsMultiple
    ? `${missMultiple(missFraction)} its ${limit}`
    : `${size} over its ${limit}`;
}

/** What follows an objective's name once it is decided: "is 16.2 ms, 8 % over its 15 ms". */
export function sloFinding(outcome: SloOutcome): string {
  const { overload, missFraction } = outcome;
  const { measured, limit } = comparedTexts(outcome);
  const why = overload === undefined ? '' : `: ${overloadText(overload)}`;
  // An overloaded chip may finish nothing in a whole run: there is a verdict, and no figure.
  if (Number.isNaN(outcome.measured.value))
    return `breaks its ${limit}${why === '' ? ': ' : `${why}; `}${nothingFinished}`;
  // A run that is too short to show the overload may measure less than the limit.
  if (overload !== undefined && missFraction <= 0) {
    const when = overload.periodSeconds === undefined ? 'in the long run' : 'over a whole period';
    return `breaks its ${limit} ${when}${why}`;
  }
  return `is ${measured}, ${sloDistance(outcome)}${why}`;
}

/** "11,423 rps arrive and the chips can complete 11,389 rps at most": why latency grows without end. */
export function overloadText({ offeredRps, saturationRps, periodSeconds }: Overload): string {
  const when = periodSeconds === undefined ? '' : `at the peak of each period of ${formatDuration(periodSeconds)} `;
  for (let digits = 3; ; digits++) {
    const offered = formatRate(offeredRps, digits);
    const most = formatRate(saturationRps, digits);
    if (offered !== most || digits >= mostDigits) {
      return `${when}${offered} arrive and the chips can complete ${most} at most`;
    }
  }
}

/** "measured over all 8,819 requests", "measured over 500 of 8,819 requests"; undefined where the traffic is no recording. */
export function recordingText({ recording }: SloOutcome): string | undefined {
  if (recording === undefined) return undefined;
  const { measuredRequests, recordedRequests } = recording;
  const all = formatCount(recordedRequests);
  const noun = recordedRequests === 1 ? 'request' : 'requests';
  return measuredRequests === recordedRequests
    ? `measured over all ${all} ${noun}`
    : `measured over ${formatCount(measuredRequests)} of ${all} ${noun}`;
}

/** 8819 is "8,819". */
function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** What an undecided verdict lacks, and what would decide it. */
export function undecidedText(outcome: SloOutcome): string {
  const { limit } = comparedTexts(outcome);
  const reason = outcome.undecided ?? 'straddles';
  switch (reason) {
    case 'straddles':
      // Too few for an end of the interval: it would be odd to speak of one that nobody sees.
      return Number.isFinite(outcome.measured.high)
        ? `the interval holds the ${limit}, a longer run would decide`
        : `too few requests finished to say whether it holds its ${limit}, a longer run would decide`;
    case 'rising':
      return 'latencies rise along the run, no steady state was seen: a longer run, or a smaller load, would decide';
    case 'short-run':
      return 'the load is close to saturation and the run is too short to see how far the queue can grow; run longer or lower the load';
    case 'few-bursts':
      return 'the run saw too few bursts of the traffic; run longer or raise the budget of requests';
    case 'part-of-a-period':
      return 'the run does not cover whole periods of the diurnal traffic; set a duration of one or more periods, or use poisson(...) at the peak rate to test the worst part';
    case 'unbounded-maximum':
      return 'the largest latency of endless random traffic has no bound; use a percentile such as p99.9, or replay a trace';
    case 'unmeasured':
      return 'nothing was measured to hold it against';
    case 'caveat':
      return openText(outcome);
    default:
      return assertNever(reason);
  }
}

const boundNames: Readonly<Record<Bound, string>> = {
  compute: 'layers bound by compute',
  vector: 'layers bound by the vector unit',
  vmem: 'layers bound by VMEM',
  cmem: 'layers bound by CMEM',
  hbm: 'layers bound by HBM',
  quantizer: 'layers bound by the quantizer',
};

/** One share of a latency. */
export interface BreakdownPart {
  readonly kind: 'queue' | 'batching' | 'switching' | Bound;
  readonly name: string;
  readonly seconds: number;
  /** Of the whole. */
  readonly fraction: number;
}

/** The parts of a latency that are not nothing, the largest first; they add up to the whole. */
export function breakdownParts(breakdown: LatencyBreakdown): readonly BreakdownPart[] {
  const parts: readonly (readonly [BreakdownPart['kind'], string, number])[] = [
    ['queue', 'waiting for the chip', breakdown.queueSeconds],
    ['batching', 'waiting for the batch to fill', breakdown.batchingSeconds],
    ['switching', 'mode changes', breakdown.switchSeconds],
    ...bounds.map((bound) => [bound, boundNames[bound], breakdown.serviceSecondsByBound[bound]] as const),
  ];
  const whole = parts.reduce((sum, [, , seconds]) => sum + seconds, 0);
  return parts
    .filter(([, , seconds]) => seconds > 0)
    .map(([kind, name, seconds]) => ({ kind, name, seconds, fraction: seconds / whole }))
    .sort((a, b) => b.seconds - a.seconds);
}

/** "71 % waiting for the chip", "20 % in layers bound by HBM". */
export function shareText(part: BreakdownPart): string {
  return `${formatPercent(part.fraction, 2)} ${partPlace(part)}`;
}

/** "71 % of its time waiting for the chip". */
export function timeShareText(part: BreakdownPart): string {
  return `${formatPercent(part.fraction, 2)} of its time ${partPlace(part)}`;
}

function partPlace({ name }: BreakdownPart): string {
  return name.startsWith('waiting') ? name : `in ${name}`;
}

/** A stated period: "24 h", "90 min", "30 s". */
function formatDuration(seconds: number): string {
  if (seconds >= 3600) return `${formatNumber(seconds / 3600)} h`;
  return seconds >= 60 ? `${formatNumber(seconds / 60)} min` : formatSeconds(seconds);
}
