import { type TraceOptions, traceUnits } from '../../design/index.ts';
import { traceMessages } from '../messages/index.ts';
import { type ColumnContent, type ColumnName, contentOf, epochUnit, readColumnName } from './columns.ts';
import { shownName } from './records.ts';
import type { Finding } from './trace.ts';

/** The first records of a trace as text. `names`: of the columns; undefined where a CSV file has no header. */
export interface TraceSample {
  readonly names: readonly string[] | undefined;
  readonly rows: readonly (readonly string[])[];
  readonly isJson: boolean;
}

/** How arrivals are read from records. Columns are indices into the sample's. */
export interface TraceLayout {
  readonly column: number;
  readonly meaning: 'time' | 'gap' | 'end';
  /** Of `end`: the column whose value is subtracted, and its unit. */
  readonly duration: number | undefined;
  readonly durationUnitsPerSecond: number;
  readonly isDates: boolean;
  readonly unitsPerSecond: number;
  readonly isEpoch: boolean;
  /** Digits behind a comma, which the delimiter has cut off, are in the next cell. */
  readonly isFractionApart: boolean;
  readonly prompt: number | undefined;
  readonly output: number | undefined;
  readonly name: string;
  readonly findings: readonly Finding[];
}

interface Column extends ColumnName {
  readonly index: number;
  readonly name: string;
  readonly content: ColumnContent;
}

/** Chooses the column of arrivals by its name and its content; a finding that is an error where nothing sensible can be chosen. */
export function chooseLayout(sample: TraceSample, options: TraceOptions): TraceLayout | Finding {
  const width = sample.names?.length ?? Math.max(0, ...sample.rows.map((row) => row.length));
  const columns = Array.from({ length: width }, (_, index): Column => {
    const name = sample.names?.[index] ?? `${index + 1}`;
    const named =
      sample.names === undefined
        ? { role: 'other' as const, rank: 9, unitsPerSecond: undefined }
        : readColumnName(name);
    return { ...named, index, name, content: contentOf(sample.rows.map((row) => row[index] ?? '')) };
  });
  const known = columns.map(({ name }) => shownName(name)).filter((name) => name !== undefined);
  const chosen = choose(columns, sample, options, known);
  if ('message' in chosen) return chosen;
  const { column, findings } = chosen;
  const meaning = meaningOf(column, options);
  const duration =
    meaning === 'end' ? columns.find(({ role, content }) => role === 'duration' && holdsTimes(content)) : undefined;
  if (meaning === 'end' && duration === undefined && options.column === undefined)
    return { message: traceMessages.endsOnly({ column: shownName(column.name) ?? '' }) };
  const unit = unitOf(column, sample, options);
  return {
    column: column.index,
    meaning: meaning === 'end' && duration === undefined ? 'time' : meaning,
    duration: duration?.index,
    durationUnitsPerSecond: duration?.unitsPerSecond ?? (column.content.isDates ? 1 : unit.perSecond),
    isDates: column.content.isDates,
    unitsPerSecond: column.content.isDates ? 1 : unit.perSecond,
    isEpoch: column.content.isDates || unit.isEpoch,
    isFractionApart: column.content.isDates && isFractionApart(sample, column.index),
    prompt: columns.find(({ role }) => role === 'prompt')?.index,
    output: columns.find(({ role }) => role === 'output')?.index,
    name: shownName(column.name) ?? '',
    findings: [...findings, ...unit.findings],
  };
}

function holdsTimes({ times, cells }: ColumnContent): boolean {
  return times > 0 && times * 2 >= cells;
}

function choose(
  columns: readonly Column[],
  { names, isJson }: TraceSample,
  options: TraceOptions,
  known: readonly string[],
): { readonly column: Column; readonly findings: readonly Finding[] } | Finding {
  if (options.column !== undefined) {
    const wanted = options.column.trim();
    const column =
      columns.find(({ name }) => name === wanted) ??
      columns.find(({ name }) => name.toLowerCase() === wanted.toLowerCase()) ??
      (names === undefined ? columns[Number(wanted) - 1] : undefined);
    if (column === undefined) return { message: traceMessages.noSuchColumn({ column: wanted, known }) };
    return { column, findings: [] };
  }
  const timed = columns.filter(({ content }) => holdsTimes(content));
  const byRole = (role: Column['role']): Column | undefined =>
    columns.filter((column) => column.role === role && column.content.times > 0).sort((a, b) => a.rank - b.rank)[0];
  const named = byRole('arrival') ?? byRole('gap') ?? byRole('end');
  if (named !== undefined) {
    const { content } = named;
    // A column of durations may be called `time`: such values go up and down.
    const isDoubtful =
      named.role === 'arrival' && named.rank >= 5 && content.times > 20 && content.descents * 4 > content.times;
    const doubt = {
      message: traceMessages.doubtfulColumn({ column: shownName(named.name) ?? '' }),
      effect: { kind: 'any' },
    } as const;
    return { column: named, findings: isDoubtful ? [doubt] : [] };
  }
  const [only] = columns;
  if (names === undefined && columns.length === 1 && only !== undefined && timed.length === 1)
    return { column: only, findings: [] };
  const dates = timed.filter(({ content }) => content.isDates);
  const [date] = dates;
  // Without a header, one column of dates leaves no choice.
  if (names === undefined && dates.length === 1 && date !== undefined) return { column: date, findings: [] };
  const rising = timed.filter(({ role, content }) => role === 'other' && content.descents === 0);
  const guessed = rising.find(({ content }) => content.isDates) ?? rising[0];
  if (guessed === undefined) return { message: traceMessages.noTimeColumn({ known, isJson }) };
  const message = traceMessages.guessedColumn({ column: shownName(guessed.name) ?? String(guessed.index + 1) });
  return {
    column: guessed,
    findings: columns.length > 1 || names !== undefined ? [{ message, effect: { kind: 'any' } }] : [],
  };
}

function meaningOf({ role, content }: Column, { gaps, column }: TraceOptions): TraceLayout['meaning'] {
  if (gaps !== undefined) return gaps ? 'gap' : 'time';
  if (role === 'gap' && !content.isDates) return 'gap';
  return role === 'end' && column === undefined ? 'end' : 'time';
}

interface Unit {
  readonly perSecond: number;
  readonly isEpoch: boolean;
  readonly findings: readonly Finding[];
}

function unitOf(column: Column, sample: TraceSample, options: TraceOptions): Unit {
  const { content } = column;
  const stated = options.unit === undefined ? column.unitsPerSecond : traceUnits[options.unit];
  const epoch = content.isDates ? undefined : epochUnit(content.first);
  if (stated !== undefined || content.isDates) {
    const perSecond = stated ?? 1;
    return { perSecond, isEpoch: epoch === perSecond, findings: [] };
  }
  // No other unit makes a date of our age of such a number.
  if (epoch !== undefined) return { perSecond: epoch, isEpoch: true, findings: [] };
  const names = new Set(sample.names?.map((name) => name.toLowerCase()));
  // Mooncake's format, which vLLM and AIPerf read too: milliseconds (kvcache-ai/Mooncake, FAST25-release/traces).
  const isMooncake =
    sample.isJson &&
    names.has('timestamp') &&
    ['input_length', 'text_input', 'hash_ids'].some((name) => names.has(name));
  if (isMooncake) return { perSecond: 1e3, isEpoch: false, findings: [] };
  // BurstGPT's seconds (HPMLL/BurstGPT, README).
  const isBurstGpt = names.has('request tokens') && names.has('response tokens');
  // Nobody writes seconds as whole numbers of another unit with a decimal point.
  if (isBurstGpt || content.hasFraction || content.times < 2) return { perSecond: 1, isEpoch: false, findings: [] };
  const message = traceMessages.guessedUnit({ column: shownName(column.name) ?? '' });
  return { perSecond: 1, isEpoch: false, findings: [{ message, effect: { kind: 'any' } }] };
}

/** Whether each date is followed by a cell that starts with three digits and belongs to it: `2024-05-10 00:00:00,100` between commas. */
function isFractionApart({ names, rows }: TraceSample, column: number): boolean {
  return (
    rows.every((row) => {
      const isPlain = /:\d\d$/u.test(row[column] ?? '');
      return (
        !isPlain || (/^\d{3}(?!\d)/u.test(row[column + 1] ?? '') && (names === undefined || row.length > names.length))
      );
    }) && rows.some((row) => /:\d\d$/u.test(row[column] ?? ''))
  );
}
