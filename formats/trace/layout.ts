import { readText } from '../utf8.ts';

/** How a trace is laid out: what its first lines say. */
export interface TraceLayout {
  /** Code of the character between fields; 0 where a line is one field. */
  readonly delimiter: number;
  /** Index of the column with arrival times. */
  readonly column: number;
  /** How many of the column's units make a second; numbers only, dates are dates. */
  readonly unitsPerSecond: number;
  /** Whether the header states the unit. */
  readonly unitStated: boolean;
  /** Where the rows start, and the number of the line there (from 1). */
  readonly start: number;
  readonly line: number;
  /** Name of the column in the header; undefined without a header. */
  readonly name: string | undefined;
  /** Whether the header's name says that it is a time. */
  readonly recognized: boolean;
  readonly columns: number;
}

const units: ReadonlyMap<string, number> = new Map(
  (
    [
      [1e9, 'ns nsec nanos nanosecond nanoseconds'],
      [1e6, 'us µs μs usec micros microsecond microseconds'],
      [1e3, 'ms msec millis millisecond milliseconds'],
      [1, 's sec secs second seconds'],
      [1 / 60, 'min mins minute minutes'],
      [1 / 3600, 'h hr hrs hour hours'],
    ] as const
  ).flatMap(([perSecond, names]) => names.split(' ').map((name) => [name, perSecond] as const)),
);

/** Best first: a trace may hold several times, and the arrival is what counts. */
const timeNames = [
  /arriv/,
  /^(time_?stamp|timestamps|ts)$/,
  /time_?stamp/,
  /^(submit|request|start|issue|send)_?(time|at)?$/,
  /^(time|times|t|date|datetime|date_?time|when|at)$/,
  /time/,
];

/** Looks at the first lines. `text`: the start of the file, one sign a byte. */
export function detectLayout(bytes: Uint8Array, text: string, textStart: number): TraceLayout {
  let at = textStart;
  let line = 1;
  for (;;) {
    const end = text.indexOf('\n', at);
    const stop = end < 0 ? text.length : end;
    const content = readText(bytes, at, stop).trim();
    if (content !== '' && !content.startsWith('#')) {
      const second = text.indexOf('\n', stop + 1);
      const next = text.slice(stop + 1, second < 0 ? text.length : second).trim();
      return layoutOf(content, next, at, stop + 1, line);
    }
    if (end < 0) return layoutOf('', '', at, text.length, line);
    at = end + 1;
    line++;
  }
}

function layoutOf(first: string, second: string, lineStart: number, nextLine: number, line: number): TraceLayout {
  const delimiter = delimiterOf(first, second);
  const fields = delimiter === '' ? [first] : first.split(delimiter);
  const names = fields.map((field) => field.trim().replace(/^["']|["']$/g, ''));
  const code = delimiter === '' ? 0 : delimiter.charCodeAt(0);
  const base = { delimiter: code, columns: fields.length };
  // Every time starts with a digit, a sign or a point; every name with something else.
  if (first === '' || names.some((name) => /^[-+.]?\d/.test(name))) {
    return {
      ...base,
      column: 0,
      unitsPerSecond: 1,
      unitStated: false,
      start: lineStart,
      line,
      name: undefined,
      recognized: true,
    };
  }
  const split = names.map(splitUnit);
  for (const pattern of timeNames) {
    const column = split.findIndex(({ name }) => pattern.test(name));
    const found = split[column];
    if (found !== undefined) {
      return {
        ...base,
        column,
        unitsPerSecond: found.unitsPerSecond ?? 1,
        unitStated: found.unitsPerSecond !== undefined,
        start: nextLine,
        line: line + 1,
        name: names[column],
        recognized: true,
      };
    }
  }
  const inUnits = split.findIndex(({ unitsPerSecond }) => unitsPerSecond !== undefined);
  const column = Math.max(0, inUnits);
  const unitsPerSecond = split[column]?.unitsPerSecond ?? 1;
  return {
    ...base,
    column,
    unitsPerSecond,
    unitStated: inUnits >= 0,
    start: nextLine,
    line: line + 1,
    name: names[column],
    recognized: inUnits >= 0,
  };
}

function delimiterOf(first: string, second: string): string {
  for (const delimiter of [',', ';', '\t']) if (first.includes(delimiter)) return delimiter;
  // Blanks part columns only if they do so in the rows too, and not inside a date: "time [us]" is one name.
  const parted = (line: string) => line.includes(' ') && !/^\d{4}-\d\d-\d\d /.test(line);
  return parted(first) && (second === '' || parted(second)) ? ' ' : '';
}

/** "timestamp_ns", "Arrival time (ms)", "time[us]", "seconds": the name in lower case, and the unit. */
function splitUnit(header: string): { readonly name: string; readonly unitsPerSecond: number | undefined } {
  const lower = header.toLowerCase().trim();
  const whole = units.get(lower);
  if (whole !== undefined && lower.length > 1) return { name: lower, unitsPerSecond: whole };
  const words = lower.split(/[\s_\-./()[\]]+/u).filter((word) => word !== '');
  const unit = words.length > 1 ? units.get(words[words.length - 1] ?? '') : undefined;
  const name = unit === undefined ? words : words.slice(0, -1);
  return { name: name.join('_'), unitsPerSecond: unit };
}
