import {
  formatSeconds,
  mapShared,
  type RecordedTrace,
  sharedSingles,
  type TraceClock,
  type TraceOptions,
} from '../../design/index.ts';
import { traceMessages } from '../messages/index.ts';
import { coarseEnds, type Resolution, resolutionOf, spreadOverStep } from './coarse-clock.ts';
import { epochUnit } from './columns.ts';
import { daylightSaving } from './daylight-saving.ts';
import type { TraceLayout } from './layout.ts';
import { outlierOf } from './outlier.ts';
import { inOrder, sortedOrder } from './row-order.ts';
import type { CollectedRows } from './rows.ts';
import { statedClauses } from './stated-clauses.ts';
import { unitName } from './time-units.ts';
import type { Finding, TraceReading } from './trace.ts';
import { gapUnitChange, unitChange } from './unit-change.ts';

/** Turns the rows of a trace into arrivals: seconds since the first request, ascending, with everything that the reader assumed. */
export function arrivalsOf(rows: CollectedRows, layout: TraceLayout, options: TraceOptions): TraceReading {
  const { counts } = rows;
  const findings: Finding[] = [...layout.findings];
  if (counts.withTime === 0) return { trace: undefined, findings: [...findings, noRows(rows, layout)] };
  findings.push(...contradictions(rows, layout), ...rows.meaning.findings());
  findings.push(...lostRows(rows, layout, options));
  if (rows.strayQuoteLine !== undefined)
    findings.push({ message: traceMessages.strayQuote({ line: rows.strayQuoteLine }), effect: { kind: 'any' } });
  if (layout.meaning === 'end') findings.push({ message: traceMessages.endsMinusDurations({ column: layout.name }) });
  const ends = coarseEnds(rows.ends, rows.times, options.spread === true);
  const order = sortedOrder(ends.arrivals);
  const sorted = inOrder(ends.arrivals, order);
  const misplaced = layout.meaning === 'time' ? rows.order.finding(sorted) : undefined;
  for (const finding of [misplaced, rows.days.finding()]) if (finding !== undefined) findings.push(finding);
  const first = sorted[0] ?? 0;
  const sinceFirst = first === 0 ? sorted : mapShared(sorted, (time) => time - first);
  const clock = judgeTimes(sinceFirst, layout, options, ends.clock);
  const startSeconds = rows.baseSeconds + first;
  if (options.unit === undefined && layout.isEpoch && layout.form === 'number') {
    const lastSeconds = startSeconds + (sinceFirst[sinceFirst.length - 1] ?? 0);
    // The first time decides the unit. A time in another unit is then far away.
    if (epochUnit(startSeconds) !== 1 || epochUnit(lastSeconds) !== 1)
      findings.push({
        message: traceMessages.mixedUnits({ column: layout.name, unit: unitName(layout.unitsPerSecond) }),
        effect: { kind: 'any' },
      });
  }
  if (options.unit === undefined && layout.form === 'number' && !layout.isEpoch && !layout.isUnitNamed) {
    const isGap = layout.meaning === 'gap';
    const earlier = isGap ? gapUnitChange(sinceFirst) : unitChange(sinceFirst, startSeconds);
    if (earlier !== undefined) {
      const found = { column: layout.name, unit: unitName(layout.unitsPerSecond), earlier };
      const message = isGap ? traceMessages.gapUnitChanges(found) : traceMessages.unitChanges(found);
      findings.push({ message, effect: { kind: 'any' } });
    }
  }
  if (layout.form === 'date' && rows.zones.stated === 0) {
    const change = daylightSaving(rows.order, sinceFirst, startSeconds);
    if (change !== undefined) findings.push(change);
  }
  findings.push(...clock.findings);
  const prompt = tokensOf(rows.promptTokens, order);
  const output = tokensOf(rows.outputTokens, order);
  const { hashes, finding } = rows.blockHashes?.done(rows.promptTokens, order, options.blockTokens) ?? {};
  const names = [
    ...(prompt === undefined ? [] : ['prompt tokens']),
    ...(output === undefined ? [] : ['output tokens']),
    ...(hashes === undefined ? [] : [`hashes of blocks of ${hashes.blockTokens} tokens`]),
  ];
  if (names.length > 0) findings.push({ message: traceMessages.tokens({ names }) });
  if (finding !== undefined) findings.push(finding);
  const stated = statedClauses(options, counts, clock.isSpread);
  return {
    trace: {
      timesSeconds: clock.times,
      startSeconds,
      clock: clockOf(layout, rows.zones.stated > 0),
      ...(clock.stepSeconds === undefined ? {} : { stepSeconds: clock.stepSeconds }),
      ...(prompt === undefined ? {} : { promptTokens: prompt }),
      ...(output === undefined ? {} : { outputTokens: output }),
      ...(hashes === undefined ? {} : { promptHashes: hashes }),
      ...(stated.length === 0 ? {} : { stated }),
    },
    findings,
  };
}

/** The error for a trace without a single time. */
function noRows({ counts, firstMalformed }: CollectedRows, layout: TraceLayout): Finding {
  if (counts.malformed === 0 && layout.where !== undefined)
    return { message: traceMessages.unreadable({ why: "no row has the value that 'where' states" }) };
  return { message: traceMessages.noTimes({ count: counts.malformed, column: layout.name, first: firstMalformed }) };
}

/** Properties of the times that the first rows have and other rows do not. */
function contradictions({ zones, hasFraction }: CollectedRows, layout: TraceLayout): readonly Finding[] {
  const { name: column, unitsPerSecond } = layout;
  const messages = [
    ...(zones.stated > 0 && zones.missing > 0 ? [traceMessages.mixedZones({ column })] : []),
    ...(layout.isUnitOfWhole && hasFraction
      ? [traceMessages.mooncakeFraction({ column, unit: unitName(unitsPerSecond) })]
      : []),
  ];
  return messages.map((message) => ({ message, effect: { kind: 'any' } }));
}

/** Rows that the trace should have and does not. */
function lostRows(
  { counts, firstMalformed }: CollectedRows,
  layout: TraceLayout,
  options: TraceOptions,
): readonly Finding[] {
  const { withTime, malformed, dropped } = counts;
  const findings: Finding[] = [];
  if (malformed > 0 && options.skip !== true)
    findings.push({
      message: traceMessages.rows({ count: malformed, total: withTime + malformed, first: firstMalformed }),
      // Without one gap, all later requests arrive too early.
      effect: layout.meaning === 'gap' ? { kind: 'any' } : { kind: 'more-requests', count: malformed },
    });
  if (dropped > 0)
    findings.push({
      message: traceMessages.tooManyRows({ kept: withTime, dropped }),
      effect: { kind: 'more-requests', count: dropped },
    });
  return findings;
}

function clockOf({ meaning, form, isEpoch }: TraceLayout, hasZone: boolean): TraceClock {
  if (meaning === 'gap') return 'file';
  if (form === 'date') return hasZone ? 'utc' : 'local';
  return form === 'clock' ? 'day' : isEpoch ? 'utc' : 'file';
}

interface JudgedTimes extends Pick<RecordedTrace, 'stepSeconds'> {
  readonly times: Float64Array;
  readonly isSpread: boolean;
  readonly findings: readonly Finding[];
}

/** Looks for times that are probably wrong or coarse. Returns the times, spread if the file states so. */
function judgeTimes(times: Float64Array, layout: TraceLayout, options: TraceOptions, ofEnds: Resolution): JudgedTimes {
  const findings: Finding[] = [];
  const outlier = layout.meaning === 'gap' ? undefined : outlierOf(times);
  if (outlier !== undefined) findings.push({ message: traceMessages.outlier(outlier), effect: { kind: 'any' } });
  if (times.length > 1 && (times[times.length - 1] ?? 0) === 0 && options.spread !== false)
    findings.push({ message: traceMessages.oneInstant({ rows: times.length }), effect: { kind: 'any' } });
  const resolution = options.spread === false ? {} : layout.meaning === 'end' ? ofEnds : resolutionOf(times);
  const { coarse: clock, stepSeconds } = resolution;
  if (clock === undefined)
    return { times, isSpread: false, findings, ...(stepSeconds === undefined ? {} : { stepSeconds }) };
  // Ends are spread before their durations are subtracted.
  if (options.spread === true && layout.meaning === 'end') return { times, isSpread: true, findings };
  if (options.spread === true) return { times: spreadOverStep(times, clock.stepSeconds), isSpread: true, findings };
  findings.push({
    message: traceMessages.resolution({
      resolution: formatSeconds(clock.stepSeconds),
      rows: String(Number(clock.rowsPerTime.toPrecision(3))),
    }),
    effect: { kind: 'any' },
  });
  return { times, isSpread: false, findings };
}

function tokensOf(values: Float64Array | undefined, order: Uint32Array | undefined): Float32Array | undefined {
  return values === undefined ? undefined : sharedSingles(inOrder(values, order));
}
