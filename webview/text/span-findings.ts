import type { Activity, ServeResult } from '../../protocol/index.ts';
import { formatNumber, formatPercent, formatSeconds } from '../../protocol/index.ts';
import { lateIn, latencyOutcomes } from '../model/shown.ts';
import { type BucketSpan, rangeIn, sumIn } from '../model/time-span.ts';
import { throughputText } from './findings.ts';
import { sharePercent } from './share-text.ts';
import { listed } from './verdict-sentence.ts';

/* As the findings of the whole run, for a part of its time. The legend beside each sentence has the times. */

export function latencySpanFinding(serve: ServeResult, span: BucketSpan): string {
  const slowest = rangeIn(serve.series.maxSeconds, span).high;
  if (Number.isNaN(slowest)) return 'No request finished in this time.';
  const peak = `The slowest request of this time took ${formatSeconds(slowest)}.`;
  const limit = latencyOutcomes(serve)[0]?.limit;
  if (limit === undefined) return peak;
  const late = sumIn(
    serve.series.completed.map((_, bucket) => Math.max(0, lateIn(serve, bucket))),
    span,
  );
  const completed = sumIn(serve.series.completed, span);
  if (late === 0) return `${peak} No request took longer than the ${formatSeconds(limit)} limit.`;
  return `${formatNumber(late, 7)} of ${formatNumber(completed, 7)} requests (${formatPercent(late / completed, 2)}) took longer than the ${formatSeconds(limit)} limit. ${peak}`;
}

/** Rates in requests per second. */
export interface SpanRates {
  readonly offered: number;
  readonly completed: number;
  readonly inTime: number;
}

export function throughputSpanFinding({ offered, completed, inTime }: SpanRates): string {
  if (Number.isNaN(completed)) return 'This time is too short for a rate.';
  return `In this time, the chip ${throughputText(completed, offered, completed - inTime)}.`;
}

export function queueSpanFinding(serve: ServeResult, span: BucketSpan): string {
  const most = rangeIn(serve.series.maxQueued, span).high;
  if (!(most > 0)) return 'No request waited in this time.';
  return `At most ${formatNumber(most)} ${most === 1 ? 'request' : 'requests'} waited at once in this time.`;
}

/** `shares`: the share of the time of all chips that each activity takes. */
export function modesSpanFinding(shares: Readonly<Record<Activity, number>>, chips: number): string {
  const parts = [`${sharePercent(shares.base)} of this time in base mode`];
  if (shares.burst > 0) parts.push(`${sharePercent(shares.burst)} in burst mode`);
  if (shares.quantizing > 0) parts.push(`${sharePercent(shares.quantizing)} quantizing weights`);
  const who = chips === 1 ? 'The chip' : `The ${chips} chips`;
  return `${who} ran ${listed(parts)}, and ${chips === 1 ? 'was' : 'were'} idle ${sharePercent(shares.idle)} of it.`;
}
