import type { TraceOptions } from '../../design/index.ts';
import { traceMessages } from '../messages/index.ts';
import { epochUnit, guessRank, namesArrivals } from './columns.ts';
import { decoded } from './decoded-text.ts';
import { doubtAboutEnds, doubtAboutWaits, knownLog, subtractedFrom } from './ends.ts';
import { isBlockHashes, shownName } from './records.ts';
import { earlierTimes, isSameTime } from './rival-times.ts';
import type { WatchedColumns } from './row-meaning.ts';
import { type Column, columnsOf, holdsTimes, nameOf, type TraceSample } from './sample.ts';
import type { TimeForm } from './time-field.ts';
import { durationUnit, unitOf } from './time-units.ts';
import type { Finding } from './trace.ts';

/** How arrivals are read from records. Columns are indices into the columns of the sample. */
export interface TraceLayout {
  readonly column: number;
  readonly meaning: 'time' | 'gap' | 'end';
  /** If `meaning` is `end`: the column that is subtracted, and its unit. */
  readonly duration: number | undefined;
  readonly durationUnitsPerSecond: number;
  readonly form: TimeForm;
  /** The column with the day, if `column` has only the time of day: the two cells together are the date. */
  readonly dayColumn: number | undefined;
  /** The character code of the decimal separator. */
  readonly decimalMark: number;
  readonly unitsPerSecond: number;
  readonly isEpoch: boolean;
  /** Whether the delimiter splits a date at the comma before its milliseconds, so that the next cell contains them. */
  readonly isFractionApart: boolean;
  readonly prompt: number | undefined;
  readonly output: number | undefined;
  /** Lists of block hashes. */
  readonly blocks: number | undefined;
  /** Only rows with this value in this column are used. */
  readonly where: { readonly column: number; readonly value: string } | undefined;
  readonly name: string;
  /** Whether the name of the column states the unit. */
  readonly isUnitNamed: boolean;
  /** Whether the unit follows from times that are all whole. */
  readonly isUnitOfWhole: boolean;
  /** The columns that are followed through all rows, because they can show what a row means. */
  readonly watched: WatchedColumns;
  readonly findings: readonly Finding[];
}

/** Chooses the column of arrivals by its name and its content. Returns a finding, which is an error, if no choice is sensible. */
export function chooseLayout(sample: TraceSample, options: TraceOptions): TraceLayout | Finding {
  const { columns, metric } = knownLog(columnsOf(sample), options.where);
  const known = columns.map(({ name }) => shownName(name)).filter((name) => name !== undefined);
  const where = options.where === undefined ? undefined : whereOf(columns, options.where, known);
  if (where !== undefined && 'message' in where) return where;
  const kept = where === undefined ? sample : { ...sample, rows: sample.rows.filter((row) => isKept(row, where)) };
  // Rows that `where` leaves out must not influence the choice.
  const judged =
    where === undefined || kept.rows.length === 0 ? columns : knownLog(columnsOf(kept), options.where).columns;
  const chosen = choose(judged, kept, options, known);
  if ('message' in chosen) return chosen;
  const { column, findings } = chosen;
  const { content } = column;
  if (content.form === 'clock' && columns.some(({ isHalfOfDay }) => isHalfOfDay))
    return { message: traceMessages.unknownForm({ column: shownName(column.name) ?? '' }) };
  const meaning = meaningOf(column, options);
  const subtracted = meaning === 'end' ? subtractedFrom(judged, column, options) : undefined;
  const duration = subtracted?.duration;
  if (meaning === 'end' && duration === undefined) {
    const shown = shownName(column.name) ?? '';
    return { message: metric === undefined ? traceMessages.endsOnly({ column: shown }) : traceMessages.k6({ metric }) };
  }
  const unit = unitOf(column, kept, options);
  const span = durationUnit(duration, column, unit, kept);
  const dayColumn = content.form === 'clock' ? dayColumnOf(judged) : undefined;
  const form = dayColumn === undefined ? content.form : 'date';
  return {
    column: column.index,
    meaning,
    duration: duration?.index,
    durationUnitsPerSecond: span.perSecond,
    form,
    dayColumn,
    decimalMark: content.decimalMark,
    unitsPerSecond: content.form === 'number' ? unit.perSecond : 1,
    isEpoch: form === 'date' || unit.isEpoch,
    isFractionApart: content.form === 'date' && isFractionApart(kept, column.index),
    prompt: judged.find(({ role }) => role === 'prompt')?.index,
    output: judged.find(({ role }) => role === 'output')?.index,
    blocks: judged.find(({ name }) => isBlockHashes(name))?.index,
    where,
    name: shownName(column.name) ?? '',
    isUnitNamed: column.unitsPerSecond !== undefined,
    isUnitOfWhole: unit.isOfWhole === true,
    watched: watchedColumns(judged, column, where?.column, meaning, options.gaps !== undefined),
    findings: [...findings, ...unit.findings, ...span.findings, ...(subtracted?.findings ?? [])],
  };
}

/** The only column in which each cell is a day such as 2024-05-10. */
function dayColumnOf(columns: readonly Column[]): number | undefined {
  const days = columns.filter(({ isDay }) => isDay);
  return days.length === 1 ? days[0]?.index : undefined;
}

/** A column by its name, or else by its number: messages state the number of a column whose name they may not quote. */
function columnNamed(columns: readonly Column[], wanted: string): Column | undefined {
  return (
    columns.find(({ name }) => name === wanted) ??
    columns.find(({ name }) => name.toLowerCase() === wanted.toLowerCase()) ??
    columns[Number(wanted) - 1]
  );
}

/** Reads `where: "Model=GPT-4"`: a column, and the value that its cells must have. */
function whereOf(
  columns: readonly Column[],
  where: string,
  known: readonly string[],
): NonNullable<TraceLayout['where']> | Finding {
  const equals = where.indexOf('=');
  if (equals < 1) return { message: traceMessages.badWhere({ where }) };
  const wanted = where.slice(0, equals).trim();
  const column = columnNamed(columns, wanted);
  if (column === undefined) return { message: traceMessages.noSuchColumn({ column: wanted, known }) };
  return { column: column.index, value: where.slice(equals + 1).trim() };
}

function isKept(row: readonly string[], { column, value }: NonNullable<TraceLayout['where']>): boolean {
  return decoded(row[column] ?? '') === value;
}

function choose(
  columns: readonly Column[],
  { names, isJson }: TraceSample,
  options: TraceOptions,
  known: readonly string[],
): { readonly column: Column; readonly findings: readonly Finding[] } | Finding {
  if (options.column !== undefined) {
    const wanted = options.column.trim();
    const column = columnNamed(columns, wanted);
    if (column === undefined) return { message: traceMessages.noSuchColumn({ column: wanted, known }) };
    if (column.content.filled > 0 && column.content.times === 0)
      return { message: traceMessages.unknownForm({ column: shownName(column.name) ?? '' }) };
    return { column, findings: [] };
  }
  const doubtOf = (column: Column, message: Finding['message']) => ({
    column,
    findings: [{ message, effect: { kind: 'any' } } as const],
  });
  const ofRole = (role: Column['role']): readonly Column[] =>
    columns
      .filter((column) => column.role === role && column.rank < guessRank && column.content.filled > 0)
      .sort((a, b) => a.rank - b.rank);
  const arrivals = ofRole('arrival');
  const readable = arrivals.filter(({ content }) => content.times > 0);
  const [first] = arrivals;
  const [gap] = ofRole('gap').filter(({ content }) => holdsTimes(content));
  const [end] = ofRole('end').filter(({ content }) => holdsTimes(content));
  // A column named `time` may contain durations. Durations go up and down, so a column with a trend is preferred.
  const named =
    (options.ends === true ? end : undefined) ??
    readable.find(({ content }) => !content.isTrendless) ??
    readable[0] ??
    gap ??
    end;
  if (named !== undefined) {
    const column = shownName(named.name) ?? '';
    // A day and a time of day in two columns are one date, and the times start again each day.
    if (named.content.form === 'clock' && dayColumnOf(columns) !== undefined) return { column: named, findings: [] };
    if (named.role === 'arrival' && first !== named && first !== undefined && first.content.times === 0)
      return doubtOf(named, traceMessages.secondChoice({ column: nameOf(named), better: nameOf(first) }));
    const { isTrendless, isUneven } = named.content;
    const isDisordered = isTrendless || (isUneven && !namesArrivals(named.name));
    const isDoubtful = named.role === 'arrival' && isDisordered && options.gaps === undefined;
    if (isDoubtful) return doubtOf(named, traceMessages.doubtfulColumn({ column }));
    const twin = readable.find((other) => other !== named && other.name === named.name);
    if (twin !== undefined) return doubtOf(named, traceMessages.twinColumn({ column }));
    const rival =
      readable.find((other) => other !== named && !other.content.isTrendless && !isSameTime(other, named)) ??
      earlierTimes(named, columns);
    if (rival !== undefined && named.role === 'arrival' && !namesArrivals(named.name))
      return doubtOf(named, traceMessages.rivalColumn({ column: nameOf(named), other: nameOf(rival) }));
    const { content } = named;
    const mayBeDuration = content.form === 'number' && epochUnit(content.first) === undefined;
    if (mayBeDuration && named.name.trim().toLowerCase() === 'request_time')
      return doubtOf(named, traceMessages.requestTime({ column }));
    const doubt = doubtAboutWaits(named, columns, options) ?? doubtAboutEnds(named, columns, options);
    return { column: named, findings: doubt === undefined ? [] : [doubt] };
  }
  const [unreadable] = [...arrivals, ...ofRole('end')];
  if (unreadable !== undefined)
    return { message: traceMessages.unknownForm({ column: shownName(unreadable.name) ?? '' }) };
  const timed = columns.filter(({ content }) => holdsTimes(content));
  const [only] = columns;
  if (names === undefined && columns.length === 1 && only !== undefined && timed.length === 1) {
    return only.content.isTrendless && options.gaps === undefined
      ? doubtOf(only, traceMessages.doubtfulColumn({ column: '' }))
      : { column: only, findings: [] };
  }
  const dates = timed.filter(({ content }) => content.form !== 'number');
  const [date] = dates;
  // Without a header, a single column of dates is the only choice.
  if (names === undefined && dates.length === 1 && date !== undefined) return { column: date, findings: [] };
  const rising = timed.filter(
    ({ role, content }) =>
      (role === 'other' || role === 'arrival') && content.descents === 0 && content.last > content.first,
  );
  // A column that counts the rows rises too, so it is the last choice.
  const guessed =
    rising.find(({ content }) => content.form !== 'number') ??
    rising.find(({ content }) => !content.isCounter) ??
    rising[0] ??
    (isJson || columns.length > 1 || names !== undefined ? undefined : timed[0]);
  if (guessed === undefined) return { message: traceMessages.noTimeColumn({ known, isJson }) };
  return doubtOf(guessed, traceMessages.guessedColumn({ column: nameOf(guessed) }));
}

/** The columns that can show that a row is not exactly one request. `filtered`: the column of `where`. */
function watchedColumns(
  columns: readonly Column[],
  times: Column,
  filtered: number | undefined,
  meaning: TraceLayout['meaning'],
  gapsAreStated: boolean,
): WatchedColumns {
  const isScraped = meaning === 'time' && isEquidistant(times.content.values);
  const others = columns.filter((column) => column !== times && column.index !== filtered);
  return {
    others: others.map((column) => (isScraped && mayCount(column) ? { ...column, role: 'count' } : column)),
    session: meaning === 'gap' && !gapsAreStated ? columns.find(({ name }) => isSession(name)) : undefined,
    timesName: shownName(times.name) ?? '',
  };
}

/** The fewest rows whose equal distances show a metric that is read at intervals. Our assumption. */
const fewestScraped = 3;

/** How far the distances between readings of a metric can differ, as a share of the usual one. Our assumption. */
const scrapeJitter = 0.1;
/** The largest share of other distances: readings that are missing. Our assumption. */
const mostMissing = 0.1;

/** Whether nearly all times are equally far apart, as those of a metric are. */
function isEquidistant(values: readonly number[]): boolean {
  if (values.length < fewestScraped) return false;
  const gaps = values.slice(1).map((value, row) => value - (values[row] ?? 0));
  const usual = gaps.toSorted((a, b) => a - b)[gaps.length >> 1] ?? 0;
  // Half of the last digit of a date in seconds that has 15 digits.
  const others = gaps.filter((gap) => Math.abs(gap - usual) > scrapeJitter * usual + 5e-7).length;
  return usual > 0 && others <= mostMissing * gaps.length;
}

/** Whether the numbers of a column with an unknown name can count the requests of an interval. */
function mayCount({ role, rank, name, content }: Column): boolean {
  const isNumeric = content.form === 'number' && content.filled > 0 && content.times === content.filled;
  return role === 'other' && rank >= guessRank && isNumeric && !content.isCounter && !codes.test(name.toLowerCase());
}

/** Names of numbers that are no counts of requests. */
const codes = /status|code|port|seed|index|(user|client)(?!s)|temperature|priority/u;

/** Names of columns of conversations, in which the gaps are between the requests of one conversation (AIPerf's multi-turn datasets). */
function isSession(name: string): boolean {
  return /^(session|conversation|chat|dialog|thread|client|user)_?(id)?$/iu.test(name.slice(name.lastIndexOf('.') + 1));
}

function meaningOf({ role, content }: Column, { gaps, ends, column }: TraceOptions): TraceLayout['meaning'] {
  if (ends === true) return 'end';
  if (gaps !== undefined) return gaps ? 'gap' : 'time';
  if (role === 'gap' && content.form === 'number') return 'gap';
  return role === 'end' && column === undefined && ends === undefined ? 'end' : 'time';
}

/**
 * Whether the cell after each date starts with the three digits of its milliseconds. This happens where commas separate the columns:
 * `2024-05-10 00:00:00,100`.
 */
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
