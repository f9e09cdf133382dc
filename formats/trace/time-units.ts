import { type TraceOptions, traceUnits } from '../../design/index.ts';
import { traceMessages } from '../messages/index.ts';
import { type ColumnContent, epochUnit } from './columns.ts';
import { isChromeTrace } from './ends.ts';
import { shownName } from './records.ts';
import type { Column, TraceSample } from './sample.ts';
import type { Finding } from './trace.ts';

/** The unit of the times of a column, and what the reader assumed about it. */
export interface Unit {
  readonly perSecond: number;
  readonly isEpoch: boolean;
  /** Whether the unit would be another one if any time were not whole. */
  readonly isOfWhole?: boolean;
  readonly findings: readonly Finding[];
}

/** The unit: as the file states it, or from the values and the name of the column. */
export function unitOf(column: Column, sample: TraceSample, options: TraceOptions): Unit {
  const { content } = column;
  if (content.form !== 'number') return { perSecond: 1, isEpoch: content.form === 'date', findings: [] };
  const epoch = epochUnit(content.first);
  const shown = shownName(column.name) ?? '';
  if (options.unit !== undefined) {
    const perSecond = traceUnits[options.unit];
    return { perSecond, isEpoch: epoch === perSecond, findings: [] };
  }
  const named = column.unitsPerSecond;
  // Microseconds since any start, so no value means a date in seconds.
  if (column.name === 'ts' && isChromeTrace((name) => sample.names?.includes(name) === true))
    return { perSecond: 1e6, isEpoch: epoch === 1e6, findings: [] };
  if (column.hasStrangeUnit && epoch === undefined) {
    const perSecond = named ?? 1;
    const message = traceMessages.strangeUnit({ column: shown, unit: unitName(perSecond) });
    return { perSecond, isEpoch: false, findings: [{ message, effect: { kind: 'any' } }] };
  }
  // Only one unit makes such a number a date between 2001 and 2100. The name of the column may state another unit.
  if (epoch !== undefined) {
    if (named === undefined || named === epoch) return { perSecond: epoch, isEpoch: true, findings: [] };
    // The name is wrong in two cases. Milliseconds since 1970, read as seconds, are after the year 30000. Seconds with decimals, as Python's
    // `time.time()` returns them, are not milliseconds. In other cases the name is right: whole numbers of a finer unit may count from the
    // start of the machine.
    const isContradicted =
      named < epoch || (content.decimals > 0 && Math.abs(content.last - content.first) < content.first / 1000);
    if (!isContradicted) return { perSecond: named, isEpoch: false, findings: [] };
    const message = traceMessages.contradictedUnit({ column: shown, unit: unitName(epoch) });
    return { perSecond: epoch, isEpoch: true, findings: [{ message, effect: { kind: 'any' } }] };
  }
  if (named !== undefined) return { perSecond: named, isEpoch: false, findings: [] };
  const names = new Set(sample.names?.map((name) => name.toLowerCase()));
  // Mooncake's format, which vLLM and AIPerf read too, has milliseconds (kvcache-ai/Mooncake, FAST25-release/traces).
  const isMooncake =
    sample.isJson &&
    names.has('timestamp') &&
    ['input_length', 'text_input', 'hash_ids'].some((name) => names.has(name));
  if (isMooncake && !content.hasFraction) return { perSecond: 1e3, isEpoch: false, isOfWhole: true, findings: [] };
  // The Qwen traces have the fields of Mooncake's and seconds (alibaba-edu/qwen-bailian-usagetraces-anon, README). Others may be either.
  if (isMooncake && !names.has('chat_id')) {
    const message = traceMessages.mooncakeFraction({ column: shown, unit: 's' });
    return { perSecond: 1, isEpoch: false, findings: [{ message, effect: { kind: 'any' } }] };
  }
  // BurstGPT has seconds (HPMLL/BurstGPT, README).
  const isBurstGpt = names.has('request tokens') && names.has('response tokens');
  if (!isBurstGpt && mayBeDays(content)) {
    const message = traceMessages.daysOrSeconds({ column: shown });
    return { perSecond: 1, isEpoch: false, findings: [{ message, effect: { kind: 'any' } }] };
  }
  // Numbers with decimals are seconds. Our assumption: programs write the finer units as whole numbers. It is not certain for numbers that do not
  // count from the start of the recording, such as those of a browser's performance.now(), and for few requests in a long time.
  if (isBurstGpt || (content.hasFraction && !mayBeFiner(content)) || content.times < 2)
    return { perSecond: 1, isEpoch: false, findings: [] };
  const message = traceMessages.guessedUnit({ column: shown });
  return { perSecond: 1, isEpoch: false, findings: [{ message, effect: { kind: 'any' } }] };
}

/** The unit of the durations that are subtracted from ends: that of their name, or the one of the ends if these have none either, which is a guess. */
export function durationUnit(
  duration: Column | undefined,
  ends: Column,
  unit: Unit,
  sample: TraceSample,
): Pick<Unit, 'perSecond' | 'findings'> {
  if (duration === undefined) return { perSecond: 1, findings: [] };
  if (duration.unitsPerSecond !== undefined) return { perSecond: duration.unitsPerSecond, findings: [] };
  const isAlike = ends.content.form === 'number' && ends.unitsPerSecond === undefined && !unit.isEpoch;
  const perSecond = isAlike ? unit.perSecond : 1;
  // Azure Functions 2021 has seconds in both (Azure/AzurePublicDataset, README).
  if (['app', 'func', 'end_timestamp', 'duration'].every((name) => sample.names?.includes(name)))
    return { perSecond, findings: [] };
  const message = traceMessages.guessedDurationUnit({
    column: shownName(duration.name) ?? '',
    unit: unitName(perSecond),
  });
  return { perSecond, findings: [{ message, effect: { kind: 'any' } }] };
}

/** From this many rows on, the times show whether they may be in a unit below the second. Our assumption. */
const fewestToDoubt = 10;
/** A recording that counts from its start begins within so many mean gaps. Our assumption. */
const mostGapsBefore = 100;

function mayBeFiner({ first, last, times }: ColumnContent): boolean {
  const gap = Math.abs(last - first) / Math.max(1, times - 1);
  return times >= fewestToDoubt && (gap > 1 || Math.abs(first) > mostGapsBefore * gap);
}

/** The fewest decimals of a date that is written in days. Our assumption: a ten-thousandth of a day is 9 s, which is too coarse for a trace. */
const fewestDecimalsOfDays = 5;
/** Times in days span less than this. Our assumption: times in seconds span more. */
const mostDays = 60;

/**
 * Whether numbers may count days: since 1900 as in spreadsheets (36526 is the year 2000), since the year 0 as in MATLAB, or since 4713 BC (Julian dates). Seconds since the start
 * of a recording can have the same values.
 */
function mayBeDays({ first, last, decimals }: ColumnContent): boolean {
  const isDay =
    (first > 36_526 && first < 73_051) ||
    (first > 730_486 && first < 767_011) ||
    (first > 2_451_544 && first < 2_488_070);
  return isDay && decimals >= fewestDecimalsOfDays && Math.abs(last - first) < mostDays;
}

/** The name of a unit as the language writes it. */
export function unitName(unitsPerSecond: number): string {
  return Object.entries(traceUnits).find(([, units]) => units === unitsPerSecond)?.[0] ?? 's';
}
