import { assertNever } from './assert-never.ts';
import { openText } from './caveat-text.ts';
import { type Bound, bounds } from './cost.ts';
import { formatPercentileSeconds, latencyFloorSeconds } from './latency-floor.ts';
import { measures, measureText, objectiveMeasure } from './measures.ts';
import type { MemoryNames } from './npu.ts';
import type { LatencyBreakdown, Overload, SloOutcome } from './objective-outcome.ts';
import { isOverloaded, overloadReason, overloadText } from './overload-text.ts';
import { formatNumber, formatPercent, formatSeconds } from './quantity-text.ts';
import type { Slo } from './scenario.ts';
import { stageName } from './stage-names.ts';
import { type TokenCause, tokenCauseNames, tokenCauses } from './token-causes.ts';

/* An objective and its outcome in words. The editor, the panel and the terminal use the same sentences. */

/** "p99 latency", "mean TTFT", "goodput", "token throughput". */
export function sloName(slo: Slo): string {
  if (slo.metric === 'throughput' && slo.of === 'tokens') return 'token throughput';
  if (slo.metric !== 'latency') return slo.metric;
  const { statistic } = slo;
  const time = slo.of === undefined ? 'latency' : slo.of.toUpperCase();
  if (statistic.kind === 'percentile') return `${percentileName(statistic.fraction)} ${time}`;
  return `${statistic.kind === 'max' ? 'largest' : 'mean'} ${time}`;
}

/** 0.999 is "p99.9". */
export function percentileName(fraction: number): string {
  // Twelve digits, so that p99.99999 does not become p100.
  return `p${formatNumber(fraction * 100, 12)}`;
}

/** A value in the unit of the objective. */
export function sloValue(slo: Slo, value: number, digits: number = sloDigits(slo)): string {
  return measureText(objectiveMeasure(slo), value, digits);
}

function sloDigits(slo: Slo): number {
  return measures[objectiveMeasure(slo)].digits;
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
 * The measured value and the limit with enough digits to show that they differ: 15.002 ms violates 15 ms. `digits` is the number of digits
 * that were needed.
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

/**
 * From this multiple of the limit, a miss is shown as a multiple: "143 times the 15 ms limit". Our assumption: a large percentage is hard
 * to read.
 */
const shownAsMultiple = 3;

/** "67.4 times", for a latency far above its limit. */
function missMultiple(missFraction: number): string {
  return `${formatNumber(missFraction + 1)} times`;
}

/** The distance to the limit for a table column: "5.2 % above", "67.4 times the limit", "12 % to spare". '' if nothing was measured. */
export function sloMargin(outcome: SloOutcome): string {
  const { slo, missFraction, overload } = outcome;
  // A value that depends on the length of the run has no margin. A run that is too short to show an overload has none either.
  if (isOverloaded(outcome) || (overload !== undefined && !(missFraction > 0))) return 'overload';
  if (!Number.isFinite(missFraction)) return '';
  if (missFraction === 0) return 'exactly at the limit';
  const size = slo.metric === 'accuracy' ? accuracyGap(outcome) : formatPercent(Math.abs(missFraction), 2);
  if (missFraction < 0) return `${size} to spare`;
  if (isUpperBound(outcome)) return outcome.verdict === 'violated' ? 'above the limit' : '';
  if (slo.metric === 'accuracy') return `${accuracyGap(outcome)} below`;
  if (slo.metric !== 'latency') return `${size} below`;
  return missFraction + 1 >= shownAsMultiple ? `${missMultiple(missFraction)} the limit` : `${size} above`;
}

const nothingFinished = 'no measured request finished';

/** "16 % above the 6 ms limit", "143 times the 15 ms limit", "0.2 % below the 76.3 % limit". */
export function sloDistance(outcome: SloOutcome): string {
  const { slo, missFraction } = outcome;
  if (Number.isNaN(missFraction)) return nothingFinished;
  const { limit } = comparedTexts(outcome);
  const size = slo.metric === 'accuracy' ? accuracyGap(outcome, true) : formatPercent(Math.abs(missFraction), 2);
  if (missFraction === 0) return `exactly at the ${limit} limit`;
  // A latency is met below its limit, any other measure above it.
  if (missFraction < 0) return `${size} ${slo.metric === 'latency' ? 'below' : 'above'} the ${limit} limit`;
  if (isUpperBound(outcome)) {
    return outcome.verdict === 'violated' ? `above the ${limit} limit` : `compared with the ${limit} limit`;
  }
  if (slo.metric !== 'latency') return `${size} below the ${limit} limit`;
  return missFraction + 1 >= shownAsMultiple
    ? `${missMultiple(missFraction)} the ${limit} limit`
    : `${size} above the ${limit} limit`;
}

/** The text after the name of a decided objective: "is 16.2 ms, 8 % above the 15 ms limit". */
export function sloFinding(outcome: SloOutcome): string {
  const { overload, missFraction } = outcome;
  const { measured, limit } = comparedTexts(outcome);
  if (isOverloaded(outcome)) return `violates its ${limit} limit in overload: ${overloadReason(outcome)}`;
  const why = overload === undefined ? '' : `: ${overloadText(overload)}`;
  // An overloaded chip may finish nothing in a whole run. Then there is a verdict but no measured value.
  if (Number.isNaN(outcome.measured.value))
    return `violates its ${limit} limit${why === '' ? ': ' : `${why}; `}${nothingFinished}`;
  // A run that is too short to show the overload may measure a value within the limit.
  if (overload !== undefined && missFraction <= 0) {
    return `violates its ${limit} limit ${overTime(overload)}${why}`;
  }
  return `is ${measured}, ${sloDistance(outcome)}${why}`;
}

/** The distance of an accuracy to its limit: "0.14 points", or "0.14 percentage points" if `isLong`. Accuracies are percentages, so a percentage of one is ambiguous. */
function accuracyGap({ missFraction, limit }: SloOutcome, isLong = false): string {
  return pointsText(missFraction * limit, isLong);
}

/** A difference of two percentages, without its sign: "0.14 points" or "0.14 percentage points". */
export function pointsText(fraction: number, isLong = false): string {
  return `${formatNumber(Math.abs(fraction) * 100, 2)} ${isLong ? 'percentage ' : ''}points`;
}

/** How long a run has to be to show an overload. */
function overTime({ periodSeconds, inBursts }: Overload): string {
  if (inBursts === true) return 'over many bursts';
  return periodSeconds === undefined ? 'in the long run' : 'over a whole period';
}

/** "measured over all 8,819 requests", "measured over 500 of 8,819 requests"; undefined if the traffic is not a recording. */
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
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Why a verdict is undecided and what to do, as a clause without a full stop. */
export function undecidedText(outcome: SloOutcome): string {
  const { limit } = comparedTexts(outcome);
  const reason = outcome.undecided ?? 'straddles';
  switch (reason) {
    case 'straddles':
      // With too few requests, the interval has no upper end and is not shown, so the text does not mention it.
      return Number.isFinite(outcome.measured.high)
        ? `the confidence interval includes the ${limit} limit, so run longer to decide`
        : `too few requests finished to compare it with the ${limit} limit, so run longer to decide`;
    case 'rising':
      return 'latency kept rising, so the run never reached a steady state; lower the load or run longer';
    case 'short-run':
      return `the run is too short to show how far the queue can grow at this load; ${longerRun(outcome)} or lower the load`;
    case 'few-bursts':
      return `the run saw too few bursts of the traffic; ${longerRun(outcome)} to see enough of them`;
    case 'part-of-a-period':
      return `the run does not cover a whole period of the diurnal traffic; ${longerRun(outcome)}, or use poisson(...) at the peak rate to test the worst part`;
    case 'unbounded-maximum':
      return 'the traffic does not end, so a later request can take longer than all requests of this run; use a percentile such as p99.9, or replay a trace';
    case 'drawn-tokens':
      return `the tokens of its requests are drawn, so the requests of the trace do not decide about the ${limit} limit; add token columns to the trace, state constant tokens, or use a longer trace`;
    case 'trace-ends':
      return `the run ends with its trace, too early to compare the objective with the ${limit} limit; use a longer trace, or put the other traffic into a scenario without a trace`;
    case 'unmeasured':
      return 'there is no measured value to compare with the limit';
    case 'caveat':
      return openText(outcome);
    default:
      return assertNever(reason);
  }
}

/** "set a duration of at least 450 s". */
function longerRun({ needsSeconds }: SloOutcome): string {
  return needsSeconds === undefined ? 'run longer' : `set a duration of at least ${durationText(needsSeconds)}`;
}

/** A time as it can be written in the language, without groups of digits: "450 s", "25.6 h". */
function durationText(seconds: number): string {
  const [unit, size] = seconds >= 3600 ? (['h', 3600] as const) : (['min', 60] as const);
  return seconds < 600 ? formatSeconds(seconds) : `${formatNumber(seconds / size)} ${unit}`;
}

/** "layers bound by HBM". */
function boundPart(bound: Bound, memories: MemoryNames | undefined): string {
  return `layers bound by ${bound === 'compute' ? 'compute' : stageName(bound, memories)}`;
}

/** One part of a latency. */
export interface BreakdownPart {
  readonly kind: 'queue' | 'batching' | 'switching' | 'prefill' | 'decode' | TokenCause | Bound;
  readonly name: string;
  readonly seconds: number;
  /** The share of the whole latency, 0 to 1. */
  readonly fraction: number;
}

/** The parts of a latency that are above zero, the largest first. They add up to the whole. */
export function breakdownParts(breakdown: LatencyBreakdown): readonly BreakdownPart[] {
  const { causes } = breakdown.steps ?? {};
  return partsOfWhole(
    causes === undefined
      ? latencyParts(breakdown)
      : tokenCauseNames.map((cause) => [cause, tokenCauses[cause], causes[cause]] as const),
  );
}

type NamedPart = readonly [BreakdownPart['kind'], name: string, seconds: number];

function latencyParts(breakdown: LatencyBreakdown): readonly NamedPart[] {
  return [
    ['queue', 'waiting for the chip', breakdown.queueSeconds],
    ['batching', 'waiting for the batch to fill', breakdown.batchingSeconds],
    ['switching', 'mode changes', breakdown.switchSeconds],
    ['prefill', 'prefill steps', breakdown.steps?.prefillSeconds ?? 0],
    ['decode', 'decode steps', breakdown.steps?.decodeSeconds ?? 0],
    ...bounds.map(
      (bound) => [bound, boundPart(bound, breakdown.memories), breakdown.serviceSecondsByBound[bound]] as const,
    ),
  ];
}

function partsOfWhole(parts: readonly NamedPart[]): readonly BreakdownPart[] {
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

function partPlace({ kind, name }: BreakdownPart): string {
  return name.startsWith('waiting') || kind in tokenCauses ? name : `in ${name}`;
}
