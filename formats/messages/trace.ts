import { listed, type MessageRegistry, message } from '../../design/index.ts';

/** Messages quote only names that look like column names, because a trace can be any file on the machine. */
const isColumnName = (name: string): boolean => /^[\p{L}\p{N}_@#][\p{L}\p{M}\p{N}_ .:@$#()[\]/%-]{0,63}$/u.test(name);
const inColumn = (column: string): string => (isColumnName(column) ? ` in column '${column}'` : '');
/**
 * Lists the columns of a trace if its first line is the header of a table. No other line is quoted, because the file can be anything, even
 * a password file or a private key.
 */
const columns = (known: readonly string[]): string =>
  known.length > 1 && known.every((name) => /^[\p{L}_@#][\p{L}\p{M}\p{N}_ .@$()/%-]{0,63}$/u.test(name))
    ? ` Its columns are ${listed(known)}.`
    : '';

/** "line 6 (its time is empty), line 9 (...), and 998 more": the first rows with their reasons, and the number of the others. */
const firstOf = (first: readonly string[], count: number): string =>
  count > first.length ? `${first.join(', ')}, and ${count - first.length} more` : first.join(', ');

export const traceMessages = {
  unreadable: message('trace-unreadable', ({ why }: { why: string }) => `Cannot read the trace: ${why}.`),
  noTimes: message(
    'trace-unreadable',
    ({ count, column, first }: { count: number; column: string; first: readonly string[] }) =>
      `Cannot read the trace: none of its ${count} rows has a time${inColumn(column)}: ${first.join(', ')}.`,
  ),
  noTimeColumn: message(
    'trace-unreadable',
    ({ known, isJson }: { known: readonly string[]; isJson: boolean }) =>
      `Cannot read the trace: no ${isJson ? 'JSON field' : 'column'} is recognized as arrival times.${columns(known)} State one: trace("FILE", column: "NAME", unit: ms).`,
  ),
  noSuchColumn: message(
    'trace-unreadable',
    ({ column, known }: { column: string; known: readonly string[] }) =>
      `Cannot read the trace: it has no column '${column}'.${columns(known)}`,
  ),
  endsOnly: message(
    'trace-unreadable',
    ({ column }: { column: string }) =>
      `Cannot read the trace: the times${inColumn(column)} are ends of requests, and no column has their durations. To use the ends as arrivals, state ends: no.`,
  ),
  k6: message(
    'trace-unreadable',
    ({ metric }: { metric: string }) =>
      `Cannot read the trace: k6 writes a row for each metric, at the end of the request. Use the rows with the durations, which are subtracted: trace("FILE", where: "${metric}=http_req_duration").`,
  ),
  mayBeEnds: message(
    'trace-column',
    ({ column, durations }: { column: string; durations: string }) =>
      `The times${inColumn(column)} of the trace may be ends of requests, as access logs have them, because column '${durations}' has durations. They are used as arrivals. State ends: yes to subtract the durations, or ends: no.`,
  ),
  mayBeStarts: message(
    'trace-column',
    ({ column, wait }: { column: string; wait?: string }) =>
      `The times${inColumn(column)} of the trace may be starts of processing${wait === undefined ? '' : `, because column '${wait}' has waits before them`}. They are used as arrivals. State another column: trace("FILE", column: "NAME"), or this one if the requests did not wait.`,
  ),
  startsAtEnds: message(
    'trace-column',
    ({ column, ends }: { column: string; ends: string }) =>
      `The times${inColumn(column)} of the trace may be starts of processing: many requests start when the one before ends, by column '${ends}'. They are used as arrivals. State another column: trace("FILE", column: "NAME"), or this one if the requests did not wait.`,
  ),
  severalDurations: message(
    'trace-column',
    ({ column, other }: { column: string; other: string }) =>
      `The times of the trace are ends of requests, and the columns '${column}' and '${other}' both have durations. Those of '${column}' are subtracted. Remove the other column, or accept it: accept { trace-column: yes } in the scenario.`,
  ),
  doubtfulColumn: message(
    'trace-column',
    ({ column }: { column: string }) =>
      `The times${inColumn(column)} of the trace go up and down as durations do. They are used as arrivals. If they are arrivals, state ${column === '' ? 'gaps: no' : `the column: trace("FILE", column: "${column}")`}. If they are times between requests, state gaps: yes.`,
  ),
  secondChoice: message(
    'trace-column',
    ({ column, better }: { column: string; better: string }) =>
      `The values${inColumn(better)} of the trace are neither numbers nor dates that can be read. The times${inColumn(column)} are used instead. State the column: trace("FILE", column: "${column}").`,
  ),
  twinColumn: message(
    'trace-column',
    ({ column }: { column: string }) =>
      `The trace has several columns named '${column}'. The first of them is used. Rename the columns of the file, or accept it: accept { trace-column: yes } in the scenario.`,
  ),
  rivalColumn: message(
    'trace-column',
    ({ column, other }: { column: string; other: string }) =>
      `The columns '${column}' and '${other}' of the trace can both be arrival times, and they differ. The times${inColumn(column)} are used. State the column: trace("FILE", column: "${column}").`,
  ),
  requestTime: message(
    'trace-column',
    ({ column }: { column: string }) =>
      `The numbers${inColumn(column)} of the trace can be arrivals, or durations as in logs of nginx. They are used as arrivals. State the column: trace("FILE", column: "${column}").`,
  ),
  unknownForm: message(
    'trace-unreadable',
    ({ column }: { column: string }) =>
      `Cannot read the trace: the values${inColumn(column)} are not times that can be read. Expected numbers such as 12.5, dates such as 2024-05-10 18:17:03.25 or 2024-05-10T18:17:03Z, or times of day such as 18:17:03.25. Convert the column, or state another one: trace("FILE", column: "NAME").`,
  ),
  mixedZones: message(
    'trace-zone',
    ({ column }: { column: string }) =>
      `Some dates${inColumn(column)} of the trace state their offset from UTC, and others do not. The others are read as UTC. Write the offset in each row, or accept it: accept { trace-zone: yes } in the scenario.`,
  ),
  contradictedUnit: message(
    'trace-unit',
    ({ column, unit }: { column: string; unit: string }) =>
      `The name of the times${inColumn(column)} of the trace states another unit than their values: only as ${unit} since 1970 are they dates between 2001 and 2100. They are read as ${unit}. State the unit: trace("FILE", unit: ${unit}).`,
  ),
  counts: message(
    'trace-counts',
    ({ column }: { column: string }) =>
      `The column '${column}' of the trace may count requests, so a row may mean several. Each row is replayed as one request. Write a row for each request, or accept one request for each row: accept { trace-counts: yes } in the scenario.`,
  ),
  events: message(
    'trace-events',
    ({ column, kinds }: { column: string; kinds: string }) =>
      `The column '${column}' of the trace names ${kinds} kinds of events, and each row is replayed as a request. Keep the arrivals only: trace("FILE", where: "${column}=VALUE"), or accept each row as a request: accept { trace-events: yes } in the scenario.`,
  ),
  repeatedIdentity: message(
    'trace-events',
    ({ column, line }: { column: string; line: number }) =>
      `Several rows of the trace have the same value in column '${column}', the first time at line ${line}, so a request may have several rows. Each row is replayed as a request. Keep one row for each request: trace("FILE", where: "COLUMN=VALUE"), or accept each row as a request: accept { trace-events: yes } in the scenario.`,
  ),
  models: message(
    'trace-models',
    ({ column, kinds }: { column: string; kinds: string }) =>
      `The column '${column}' of the trace names ${kinds} networks. The requests of all of them are replayed for the network of this serve. To replay each network's own requests, write a serve for each: serve NETWORK { arrivals: trace("FILE", where: "${column}=VALUE") }. Serves that read the same file keep their offset.`,
  ),
  badWhere: message(
    'trace-unreadable',
    ({ where }: { where: string }) =>
      `Cannot read the trace: '${where}' in \`where\` is not a column and its value. Write where: "COLUMN=VALUE".`,
  ),
  oneObject: message(
    'trace-unreadable',
    'Cannot read the trace: the file is one JSON object with lists. Expected one object for each request, on separate lines or in an array. Write the list of requests to a separate file, for example with jq -c ".requests[]".',
  ),
  jsonArrays: message(
    'trace-unreadable',
    'Cannot read the trace: the file is a JSON array of numbers or arrays. Expected one object for each request, or a number on each line, for example with jq ".[]".',
  ),
  restarts: message(
    'trace-unsorted',
    ({ line, count }: { line: number; count: number }) =>
      `The times of the trace start again at line ${line}${count > 1 ? ` and ${count - 1} more times` : ''}, as if several recordings were in one file. They are replayed at the same time. Write them to separate files, or accept it: accept { trace-unsorted: yes } in the scenario.`,
  ),
  mixedUnits: message(
    'trace-unit',
    ({ column, unit }: { column: string; unit: string }) =>
      `Some times${inColumn(column)} of the trace are dates between 2001 and 2100 if they are in ${unit}, and others are not. All are read in ${unit}. Write all times in one unit, or state it: trace("FILE", unit: ${unit}).`,
  ),
  unitChanges: message(
    'trace-unit',
    ({ column, unit, earlier }: { column: string; unit: string; earlier: number }) =>
      `After ${earlier} requests, the times${inColumn(column)} of the trace and the times between them grow by a factor of 1000 or more, as if their unit changed. All are read in ${unit}. Write all times in one unit, or state it: trace("FILE", unit: ${unit}).`,
  ),
  gapUnitChanges: message(
    'trace-unit',
    ({ column, unit, earlier }: { column: string; unit: string; earlier: number }) =>
      `After ${earlier} requests, the times between requests${inColumn(column)} of the trace change by a factor of about 1000 or more, as if their unit changed. All are read in ${unit}. Write all times in one unit, or state it: trace("FILE", unit: ${unit}).`,
  ),
  sessionGaps: message(
    'trace-column',
    ({ column, session }: { column: string; session: string }) =>
      `The times between requests${inColumn(column)} of the trace may count within each session, because column '${session}' names several sessions. They are replayed as the times between all requests. State gaps: yes if they are, or write a trace with the time of each request.`,
  ),
  midnight: message(
    'trace-midnight',
    ({ line, days }: { line: number; days: number }) =>
      `The times of day of the trace start again at line ${line}${days > 1 ? ` and ${days - 1} more times` : ''}, as they do at midnight. Each time, the rows are replayed as those of the next day. Write the date in each row, or accept it: accept { trace-midnight: yes } in the scenario.`,
  ),
  outlier: message(
    'trace-gap',
    ({ which, requests, gap, others }: { which: 'first' | 'last'; requests: number; gap: string; others: string }) => {
      const [are, times, rows] =
        requests === 1
          ? ['request of the trace is', 'its time', 'row']
          : [`${requests} requests of the trace are`, 'their times', 'rows'];
      return `The ${which} ${are} ${gap} away from the others, which all arrive within ${others}: ${times} may be wrong. Correct or remove the ${rows}, or accept it: accept { trace-gap: yes } in the scenario.`;
    },
  ),
  oneInstant: message(
    'trace-resolution',
    ({ rows }: { rows: number }) =>
      `All ${rows} rows of the trace have the same time, so they arrive at one instant. State another column: trace("FILE", column: "NAME"). State gaps: yes if the values are times between requests, or spread: no if the requests did arrive together.`,
  ),
  tooManyRows: message(
    'trace-rows',
    ({ kept, dropped }: { kept: number; dropped: number }) =>
      `The trace has more rows than the ${kept} that are kept. The last ${dropped} are left out. Split the file into several recordings.`,
  ),
  guessedColumn: message(
    'trace-column',
    ({ column }: { column: string }) =>
      `No column of the trace is named like an arrival time. Column '${column}' is used because its values rise. State it: trace("FILE", column: "${column}").`,
  ),
  endsMinusDurations: message(
    'trace-ends',
    ({ column }: { column: string }) =>
      `The times${inColumn(column)} of the trace are ends of requests. The arrivals are the ends minus the durations.`,
  ),
  guessedUnit: message(
    'trace-unit',
    ({ column }: { column: string }) =>
      `The times${inColumn(column)} of the trace are numbers without a unit. They are read as seconds. State the unit: trace("FILE", unit: s) or unit: ms.`,
  ),
  strangeUnit: message(
    'trace-unit',
    ({ column, unit }: { column: string; unit: string }) =>
      `The name of the times${inColumn(column)} of the trace states a unit that is not known. They are read as ${unit}. State the unit: trace("FILE", unit: s) or unit: ms. Convert times in another unit.`,
  ),
  mooncakeFraction: message(
    'trace-unit',
    ({ column, unit }: { column: string; unit: string }) =>
      `The trace has the fields of Mooncake's format, whose times are whole milliseconds, but the times${inColumn(column)} are not all whole. They are read as ${unit}. State the unit: trace("FILE", unit: s) or unit: ms.`,
  ),
  daysOrSeconds: message(
    'trace-unit',
    ({ column }: { column: string }) =>
      `The times${inColumn(column)} of the trace can be days, as spreadsheets count them, or seconds. They are read as seconds. State the unit: trace("FILE", unit: d) or unit: s.`,
  ),
  guessedDurationUnit: message(
    'trace-unit',
    ({ column, unit }: { column: string; unit: string }) =>
      `The durations${inColumn(column)} of the trace have no unit. They are read as ${unit}. Write the unit in the name of the column, such as duration_ms, or accept it: accept { trace-unit: yes } in the scenario.`,
  ),
  repeatedHour: message(
    'trace-zone',
    ({ line }: { line: number }) =>
      `The dates of the trace go back by about 1 h at line ${line}, as local times do at the end of daylight saving time. They are read as UTC, so the requests of two hours are replayed at the same time. Write the offset from UTC in each row, or accept it: accept { trace-zone: yes } in the scenario.`,
  ),
  skippedHour: message(
    'trace-zone',
    'The dates of the trace skip one hour of a night, as local times do at the start of daylight saving time. They are read as UTC, so nothing arrives in this hour. Write the offset from UTC in each row, or accept it: accept { trace-zone: yes } in the scenario.',
  ),
  rows: message(
    'trace-rows',
    ({ count, total, first }: { count: number; total: number; first: readonly string[] }) =>
      `${count} of ${total} rows of the trace cannot be read and ${count === 1 ? 'is' : 'are'} left out: ${firstOf(first, count)}. Correct ${count === 1 ? 'it' : 'them'}, or leave ${count === 1 ? 'it' : 'them'} out on purpose: trace("FILE", skip: yes).`,
  ),
  strayQuote: message(
    'trace-rows',
    ({ line }: { line: number }) =>
      `The quotes at line ${line} of the trace do not match, so a cell may contain an unknown number of rows. Write a quote inside a cell twice and the cell in quotes (RFC 4180), or accept it: accept { trace-rows: yes } in the scenario.`,
  ),
  unsorted: message(
    'trace-unsorted',
    ({ line, count }: { line: number; count: number }) =>
      `The trace is not in the order of its times: ${count === 1 ? '1 row is' : `${count} rows are`} earlier than the row before, the first at line ${line}. The rows are sorted.`,
  ),
  resolution: message(
    'trace-resolution',
    ({ resolution, rows }: { resolution: string; rows: string }) =>
      `The times of the trace have a resolution of ${resolution}, and on average ${rows} rows share the same time, so they arrive at one instant. State spread: yes to spread them over ${resolution}, or spread: no if they did arrive together.`,
  ),
  guessedBlock: message(
    'trace-hashes',
    ({ guess, sizes }: { guess: number; sizes: string }) =>
      `The block hashes of the trace can be those of blocks of ${sizes} tokens. They are read as blocks of ${guess} tokens, because this is the only power of two. State the size: trace("FILE", block: ${guess} tokens).`,
  ),
  unusedHashes: message(
    'trace-hashes',
    ({ why, remedy }: { why: string; remedy: string }) =>
      `The block hashes of the trace are not used, so its prompts share no blocks: ${why}. ${remedy}, or state that requests share nothing: kv { sharing: no } in the serve.`,
  ),
  tokens: message(
    'trace-tokens',
    ({ names }: { names: readonly string[] }) =>
      `The trace has ${listed(names)} of each request. Only language models use them (input: tokens), where the 'tokens' block of the serve states none. Other networks ignore them.`,
  ),
} satisfies MessageRegistry;
