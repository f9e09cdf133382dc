import { listed, type MessageRegistry, message } from '../../design/index.ts';

/** Only names that look like names of columns are repeated: a trace may be any file of the machine. */
const inColumn = (column: string): string => (column === '' ? '' : ` in column '${column}'`);
/**
 * The columns of a trace, where its first line is that of a table. Any other line is not repeated: the file may be anything, a password file or a
 * private key too.
 */
const columns = (known: readonly string[]): string =>
  known.length > 1 && known.every((name) => /^[\p{L}_][\p{L}\p{N}_ .()/%-]{0,63}$/u.test(name))
    ? ` Its columns are ${listed(known)}.`
    : '';

export const traceMessages = {
  unreadable: message('trace-unreadable', ({ why }: { why: string }) => `cannot read the trace: ${why}`),
  noTimeColumn: message(
    'trace-unreadable',
    ({ known, isJson }: { known: readonly string[]; isJson: boolean }) =>
      `cannot read the trace: no ${isJson ? 'JSON field' : 'column'} is recognized as arrival times.${columns(known)} State one: trace("FILE", column: "NAME", unit: ms)`,
  ),
  noSuchColumn: message(
    'trace-unreadable',
    ({ column, known }: { column: string; known: readonly string[] }) =>
      `cannot read the trace: it has no column '${column}'.${columns(known)}`,
  ),
  endsOnly: message(
    'trace-unreadable',
    ({ column }: { column: string }) =>
      `cannot read the trace: the times${inColumn(column)} are ends of requests, and no column has their durations. To take the ends as arrivals, state the column: trace("FILE", column: "${column}")`,
  ),
  doubtfulColumn: message(
    'trace-column',
    ({ column }: { column: string }) =>
      `The times${inColumn(column)} of the trace go up and down as durations do; they are taken as arrivals. State it: trace("FILE", column: "${column}"), or gaps: yes if they are times between requests.`,
  ),
  guessedColumn: message(
    'trace-column',
    ({ column }: { column: string }) =>
      `No column of the trace is named like a time; '${column}' is taken because its values rise. State it: trace("FILE", column: "${column}").`,
  ),
  endsMinusDurations: message(
    'trace-ends',
    ({ column }: { column: string }) =>
      `The times${inColumn(column)} of the trace are ends of requests; arrivals are the ends less the durations.`,
  ),
  guessedUnit: message(
    'trace-unit',
    ({ column }: { column: string }) =>
      `The times${inColumn(column)} of the trace are whole numbers without a unit; they are taken as seconds. State the unit: trace("FILE", unit: s) or unit: ms.`,
  ),
  row: message(
    'trace-row',
    ({ line, why }: { line: number; why: string }) => `line ${line} of the trace is left out: ${why}`,
  ),
  rows: message(
    'trace-rows',
    ({ count, total }: { count: number; total: number }) =>
      `${count} of ${total} rows of the trace have no time and are left out. To leave them out on purpose: trace("FILE", skip: yes).`,
  ),
  unsorted: message(
    'trace-unsorted',
    ({ line, count }: { line: number; count: number }) =>
      `The trace is not in the order of its times: ${count} rows are earlier than the one before, the first at line ${line}. The rows are sorted.`,
  ),
  resolution: message(
    'trace-resolution',
    ({ resolution, rows }: { resolution: string; rows: string }) =>
      `The times of the trace have a resolution of ${resolution}, and on average ${rows} rows share the same time; they arrive at one instant. State spread: yes to spread them over ${resolution}, or spread: no if they did arrive together.`,
  ),
  tokens: message(
    'trace-tokens',
    ({ names }: { names: readonly string[] }) =>
      `The trace's ${listed(names)} are read and kept. The simulation does not use them yet.`,
  ),
} satisfies MessageRegistry;
