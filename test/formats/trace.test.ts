import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TraceOptions } from '../../design/index.ts';
import { writeCsv } from '../../design/index.ts';
import { createTraceReader, readTrace } from '../../formats/index.ts';
import { describeWithReference, readReference } from './reference.ts';
import { bytesOf, type Case, check, many, origin } from './trace-case.ts';

const tokens = 'trace-tokens';

/* Headers and rows as programs write them, and the arrivals that they mean. */
const layouts: readonly Case[] = [
  ['a column of seconds', '0\n0.5\n2\n', [0, 0.5, 2]],
  ['seconds since the first', '10.25\n10.5\n', [0, 0.25]],
  ['no line break at the end', '1.5\n3.5', [0, 2]],
  ['exponents', 'seconds\n1e-3\n2.001\n', [0, 2]],
  ['CRLF, blank lines, a comment', '# made by hand\r\n1.5\r\n\r\n2.5\r\n', [0, 1]],
  ['old Mac line ends', '1.5\r2.5\r', [0, 1]],
  ['byte order mark', '\ufefftime_s\n1\n2\n', [0, 1]],
  ['nanoseconds of LoadGen', 'timestamp_ns\n0\n1843654\n', [0, 0.001843654]],
  ['nanoseconds since 1970 lose nothing', 'timestamp_ns\n1700000000000000001\n1700000000000000003\n', [0, 2e-9]],
  ['microseconds', 't_us\n1\n2\n', [0, 1e-6]],
  ['milliseconds in brackets, second column', 'id,Arrival time (ms)\n7,5\n8,7.5\n', [0, 0.0025]],
  ['semicolons, quotes', '"id";"arrived_at_s"\n"1";"5"\n"2";"6"\n', [0, 1]],
  ['tabs', 'x\tseconds\n9\t1\n9\t3\n', [0, 2]],
  ['the arrival, where there are several times', 'finish_time_s,arrival_time_s\n50,1\n60,4\n', [0, 3]],
  ['camel case', 'requestId,requestStartMs\n1,100\n2,300\n', [0, 0.2]],
  [
    'Azure LLM 2023',
    'TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:17:03.9799600,4808,10\r\n2023-11-16 18:17:04.0319600,3180,8\r\n',
    [0, 0.052],
    [tokens],
  ],
  [
    'Azure LLM 2024',
    'TIMESTAMP,ContextTokens,GeneratedTokens\n2024-05-10 00:00:00.009930+00:00,2162,5\n2024-05-10 00:00:00.017335+00:00,2399,6\n',
    [0, 0.007405],
    [tokens],
  ],
  [
    'BurstGPT',
    'Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,ChatGPT,472,18,490,Conversation log\n45,ChatGPT,1087,230,1317,Conversation log\n',
    [0, 40],
    [tokens],
  ],
  [
    'Azure Functions 2021: ends less durations',
    'app,func,end_timestamp,duration\na,f,5.0,5.0\na,f,0.15,0.05\na,f,0.25,0.05\n',
    [0, 0.1, 0.2],
    ['trace-ends'],
  ],
  [
    'Mooncake',
    '{"timestamp": 0, "input_length": 6758, "output_length": 500, "hash_ids": [0, 1]}\n{"timestamp": 27482, "input_length": 7322, "output_length": 490, "hash_ids": [0]}\n',
    [0, 27.482],
    [tokens, 'trace-hashes'],
  ],
  [
    'LLMServingSim',
    '{"input_toks": 10, "output_toks": 5, "arrival_time_ns": 0}\n{"input_toks": 10, "output_toks": 5, "arrival_time_ns": 100000000}\n',
    [0, 0.1],
    [tokens],
  ],
  [
    'AIPerf, nested',
    '{"metadata": {"request_start_ns": 1700000000000000100, "request_end_ns": 1700000000900000000}, "metrics": {"ttft": {"value": 3}}}\n{"metadata": {"request_start_ns": 1700000000500000100}}\n',
    [0, 0.5],
  ],
  [
    'vLLM, a JSON array',
    '[\n  {"prompt": "a, \\"b\\" {", "arrival_time": 1.5},\n  {"prompt": "[c]", "arrival_time": 2.0}\n]\n',
    [0, 0.5],
  ],
  ['JSON dates', '{"ts":"2024-05-10T00:00:00Z"}\n{"ts":"2024-05-10T02:00:01.5+02:00"}\n', [0, 1.5]],
  ['quoted commas and line breaks', 'prompt,timestamp\n"a, b",0.5\n"two\nlines ""q""",1.0\nplain,2.0\n', [0, 0.5, 1.5]],
  [
    "Python's logging, with a header",
    'asctime,msg\n2024-05-10 00:00:00,000,hello\n2024-05-10 00:00:00,100,hello\n',
    [0, 0.1],
  ],
  ["Python's logging, alone", '2024-05-10 00:00:00,000\n2024-05-10 00:00:00,100\n', [0, 0.1]],
  ["Python's logging, quoted", 'asctime,msg\n"2024-05-10 00:00:00,000",a\n"2024-05-10 00:00:00,250",b\n', [0, 0.25]],
  ['a leap day, with zones', 'TIMESTAMP\n2024-02-28T23:59:59.5Z\n2024-03-01T01:00:00.5+01:00\n', [0, 86_401]],
  ['gaps in milliseconds', 'id,gap_ms\n0,100\n1,200\n2,50\n', [0, 0.2, 0.25]],
  ['gaps in seconds', 'inter_arrival_time\n0.1\n0.1\n', [0, 0.1]],
  ['gaps by another name', 'iat\n0.5\n0.25\n', [0, 0.25]],
  ['seconds since 1970', 'timestamp\n1700000000\n1700000002\n', [0, 2]],
  ['milliseconds since 1970', 'timestamp\n1700000000000\n1700000000250\n', [0, 0.25]],
  ['microseconds since 1970', 'ts\n1700000000000000\n1700000000000250\n', [0, 0.00025]],
];

/* The reader reports each guess. It reports nothing that the file states. */
const guesses: readonly Case[] = [
  ['whole numbers without a unit', 'time\n1\n3\n', [0, 2], ['trace-unit']],
  ['the unit is stated', 'time\n1\n3\n', [0, 0.002], [], { unit: 'ms' }],
  ['no column is named like a time', 'a,b\n1.5,9\n2.5,8\n', [0, 1], ['trace-column']],
  ['the column is stated', 'a,b\n1.5,9.5\n2.5,9.75\n', [0, 0.25], [], { column: 'b' }],
  ['by its number, without a header', '9.5,1.5\n8.5,2.5\n', [0, 1], [], { column: '2' }],
  ['no such column', 'a,b\n1,2\n', undefined, ['trace-unreadable'], { column: 'c' }],
  ['ends without durations', 'finish_time\n1.5\n2.5\n', undefined, ['trace-unreadable']],
  ['ends that are stated', 'finish_time\n1.5\n2.5\n', [0, 1], [], { column: 'finish_time' }],
  ['gaps that are stated', 'time_s\n0.5\n0.25\n', [0, 0.25], [], { gaps: true }],
  ['a date is no gap', 'since_last\nx\n', undefined, ['trace-unreadable']],
  ['whole seconds, many rows each', 'time_s\n1\n1\n1\n1\n2\n2\n2\n2\n', [0, 0, 0, 0, 1, 1, 1, 1], ['trace-resolution']],
  ['spread over the second', 'time_s\n1\n1\n1\n1\n2\n2\n', [0, 0.25, 0.5, 0.75, 1, 1.5], [], { spread: true }],
  ['at one instant on purpose', 'time_s\n1\n1\n1\n1\n2\n', [0, 0, 0, 0, 1], [], { spread: false }],
  ['rows without a time', 'time_s,x\n1,a\n,b\nsoon,c\n3\n\n4,d\n', [0, 2, 3], ['trace-rows']],
  ['left out on purpose', 'time_s\n1\nsoon\n3\n', [0, 2], [], { skip: true }],
  ['a quoted "17,0" is no time', 'time_s\n"17,0"\n18\n19\n', [0, 1], ['trace-rows']],
  ['too few columns', 'x,time_s\n1,1\n2\n3,2\n', [0, 1], ['trace-rows']],
  ['dates and numbers', 'time_s\n1\n2023-11-16 18:17:03\n2\n', [0, 1], ['trace-rows']],
  ['out of order', '5.5\n7.5\n6.5\n1.5\n', [0, 4, 5, 6], ['trace-unsorted']],
  ['empty', '', undefined, ['trace-unreadable']],
  ['header only', 'timestamp\n', undefined, ['trace-unreadable']],
  ['no row has a time', 'timestamp\nx\n\n', undefined, ['trace-unreadable']],
  ['binary', 'ab\0c', undefined, ['trace-unreadable']],
  ['JSON without a time', '{"a": "b"}\n', undefined, ['trace-unreadable']],
  ['a quote that does not end', 'time_s,x\n1,"a\n', undefined, ['trace-unreadable']],
];

/* Later rows contradict the first 256 rows, or a row is not one request. */
const time = (index: number) => (index * 1.37).toFixed(2);
const later: readonly (readonly [what: string, text: string, codes: readonly string[], options?: TraceOptions])[] = [
  ['counts', `time_s,count\n${many((i) => `${time(i)},${i < 300 ? 1 : 50}`, 600)}`, ['trace-counts']],
  ['events', `time_s,event\n${many((i) => `${time(i)},${i < 300 ? 'arrive' : 'finish'}`, 600)}`, ['trace-events']],
  ['codes', `time_s,count\n${many((i) => `${time(i)},1`, 600)}`, []],
  [
    'offsets from UTC',
    `ts\n${many((i) => `2024-05-10T08:${String(10 + Math.floor(i / 60)).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}${i < 300 ? '' : '-04:00'}`, 600)}`,
    ['trace-zone'],
  ],
  ['units', `timestamp\n${many((i) => (i < 300 ? (i + 1) / 1024 : (i + 1) / 1.024).toFixed(6), 600)}`, ['trace-unit']],
  ['coarse gaps', `gap_s\n${many((i) => (i % 50 === 49 ? '1' : '0'), 300)}`, ['trace-resolution']],
  ['coarse gaps, spread', `gap_s\n${many((i) => (i % 50 === 49 ? '1' : '0'), 300)}`, [], { spread: true }],
  ['states', `id,time_s,state\n0,0.5,PENDING\n0,0.75,RUNNING\n0,1.5,SUCCEEDED\n`, ['trace-events']],
  ['attempts', `request_id,time_s,attempt\n7,0.5,1\n7,1.75,2\n`, ['trace-events']],
  ['attempts later', `requestId,time_s\n${many((i) => `${i === 500 ? 3 : i},${time(i)}`, 600)}`, ['trace-events']],
  ['users', `user_id,time_s\n7,0.5\n7,1.75\n`, []],
  ['identities that are missing', `request_id,time_s\n-,0.5\n-,1.75\n,2.5\n,3.25\n`, []],
];

const ten = (row: (index: number) => string) => many(row, 10);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

/* Files as tools, spreadsheets and clusters write them. Each is read as its author meant it, or rejected, or read with a caveat. */
const real: readonly Case[] = [
  ['a decimal comma between semicolons', 'timestamp;x\n0,5;1\n1,25;2\n', [0, 0.75]],
  ['a decimal comma or thousands', 'timestamp;x\n1,500;1\n2,500;2\n', undefined, ['trace-unreadable']],
  ['a comma in a name between semicolons', 'id;time_s;note (a, b)\n1;0.5;x\n2;1.5;y\n', [0, 1]],
  ['commas in texts between tabs', 'id\ttime_s\tprompt, text\n1\t0.5\ta, b\n2\t1.5\tc\n3\t2.5\td\n', [0, 1, 2]],
  ['blanks before quotes', 'id, "arrival_s"\n1, "0.5"\n2, "1.5"\n', [0, 1]],
  ['sep= of a spreadsheet', 'sep=;\ntimestamp;x\n0.5;1\n1.5;2\n', [0, 1]],
  ['rows of empty cells', 'timestamp,x\n0.5,1\n,\n1.5,2\n,\n', [0, 1]],
  ['columns that are aligned with blanks', 'time   tokens\n   0.5       1\n   1.5       2\n', [0, 1]],
  ['names of rows as R writes them', 'arrival_s,x\n1,0.5,a\n2,1.5,b\n', [0, 1]],
  ['slashes, UTC, no marks', 'ts\n2024/02/29 00:00:00 UTC\n20240229T000001Z\n2024-02-29 00:00:02 GMT\n', [0, 1, 2]],
  ['times of day', 'time,x\n9:59:59.5,1\n10:00:00.25,1\n', [0, 0.75]],
  ['minutes and seconds, or hours and minutes', 'time,x\n10:00,1\n10:01,1\n', undefined, ['trace-unreadable']],
  ['a day that does not exist', 'ts\n2023-02-28 00:00:00\n2023-02-30 00:00:00\n', [0], ['trace-rows']],
  [
    'day and month in doubt',
    'timestamp,x\n05/10/2024 00:00:00,1\n05/10/2024 00:00:01,2\n',
    undefined,
    ['trace-unreadable'],
  ],
  [
    'dates without a time of day beside counts',
    'date,count\n2024-05-10,17\n2024-05-11,18\n',
    undefined,
    ['trace-unreadable'],
  ],
  [
    'local times in autumn',
    'ts\n2024-11-03 00:10:00.1\n2024-11-03 01:59:00.2\n2024-11-03 01:01:00.3\n2024-11-03 03:10:00.4\n',
    [0, 3060.2, 6540.1, 10800.3],
    ['trace-unsorted', 'trace-zone'],
  ],
  [
    'local times in spring',
    'ts\n2024-03-31 01:50:01.5\n2024-03-31 01:59:01.5\n2024-03-31 03:01:00\n2024-03-31 03:09:00\n',
    [0, 540, 4258.5, 4738.5],
    ['trace-zone'],
  ],
  [
    'the same in UTC',
    'ts\n2024-03-31 01:50:01.5Z\n2024-03-31 01:59:01.5Z\n2024-03-31 03:01:00Z\n2024-03-31 03:09:00Z\n',
    [0, 540, 4258.5, 4738.5],
  ],
  [
    'a pause of an hour at noon',
    'ts\n2024-03-31 11:50:01.5\n2024-03-31 11:59:01.5\n2024-03-31 13:01:00\n2024-03-31 13:09:00\n',
    [0, 540, 4258.5, 4738.5],
  ],
  ['only some dates with a zone', 'ts\n2024-05-10 00:00:00Z\n2024-05-10 00:00:01\n', [0, 1], ['trace-zone']],
  ['milliseconds since 1970 that are called seconds', 'time_s\n1700000000000\n1700000001000\n', [0, 1], ['trace-unit']],
  ['seconds since 1970 that are called milliseconds', 'time_ms\n1700000000.5\n1700000001.5\n', [0, 1], ['trace-unit']],
  ['all at one time', 'arrival_time\n0.1\n0.1\n0.1\n', [0, 0, 0], ['trace-resolution']],
  ['one more is not one time', 'arrival_time\n0.5\n', [0]],
  [
    'gaps that are called arrivals',
    'arrival_time\n0.1\n0.3\n0.05\n0.2\n0.4\n0.1\n',
    [0, 0.05, 0.05, 0.15, 0.25, 0.35],
    ['trace-column', 'trace-unsorted', 'trace-resolution'],
  ],
  [
    'a 0 among dates',
    `timestamp_s\n0\n${ten((i) => `${1_700_000_000 + i}`)}\n`,
    [0, ...upTo(10).map((i) => 1_700_000_000 + i)],
    ['trace-gap'],
  ],
  [
    'two recordings in one file',
    `time_s\n${many((i) => `${i % 20}.5`, 40)}\n`,
    upTo(20).flatMap((i) => [i, i]),
    ['trace-unsorted', 'trace-resolution'],
  ],
  ['the file is cut in a row', 'x,time_s,y\n1,100.5,a\n1,101.5,b\n1,10', [0, 1], ['trace-rows']],
  ['a comma for thousands', 'time_s,x\n999,a\n1,000,b\n1001,c\n', [0, 2], ['trace-rows']],
  ['commas in a text after the time', 'time_s,text\n1.5,a\n2.5,b, c, d\n', [0, 1]],
  ['a header in the middle', 'time_s\n1\ntime_s\n3\n', [0, 2], ['trace-rows']],
  ['rows that count requests', 'timestamp,requests\n0.5,7\n60.5,9\n', [0, 60], ['trace-counts']],
  ['rows that say 1 each', 'timestamp,count\n0.5,1\n1.5,1\n', [0, 1]],
  ...['arrival_count', 'arrival_rate', 'hits', 'batch_size', 'inst_num', 'load_qps'].map(
    (name): Case => [`rows that count requests as ${name}`, `time_s,${name}\n0.5,7\n1.5,9\n`, [0, 1], ['trace-counts']],
  ),
  ['arrivals beside times', 'timestamp,arrivals\n0.5,7\n60.5,9\n', [0, 60], ['trace-counts']],
  ['arrivals that are times', 'arrivals\n0.5\n60.5\n', [0, 60]],
  ['whole numbers that a program stores as floats', 'timestamp\n0.0\n27482.0\n', [0, 27482], ['trace-unit']],
  ['an unknown unit', 'arrival_ticks\n0.5\n100.5\n', [0, 100], ['trace-unit']],
  ['a multiple of a unit', 'time (10 ms)\n1\n3\n', [0, 0.002], ['trace-unit']],
  ['its unit is stated', 'time (10 ms)\n1\n3\n', [0, 2], [], { unit: 's' }],
  [
    'Qwen, in seconds with the fields of Mooncake',
    '{"chat_id": 159, "timestamp": 61.114, "input_length": 5, "hash_ids": [1]}\n{"chat_id": 160, "timestamp": 61.414, "input_length": 7, "hash_ids": [1]}\n',
    [0, 0.3],
    [tokens, 'trace-hashes'],
  ],
  [
    'the fields of Mooncake, not in whole milliseconds',
    '{"timestamp": 61.114, "input_length": 5, "hash_ids": [1]}\n{"timestamp": 61.414, "input_length": 7, "hash_ids": [1]}\n',
    [0, 0.3],
    ['trace-unit', tokens, 'trace-hashes'],
  ],
  [
    'times of a gauge',
    'Time,vllm:num_requests_running\n2024-05-10 00:00:00,3\n2024-05-10 00:00:15,4\n',
    [0, 15],
    ['trace-counts'],
  ],
  [
    'durations that are called times, beside dates',
    '{"time_iso8601": "2024-05-10T00:00:00Z", "request_time": 0.25}\n{"time_iso8601": "2024-05-10T00:00:02Z", "request_time": 0.5}\n{"time_iso8601": "2024-05-10T00:00:03Z", "request_time": 0.75}\n',
    [0, 1.75, 2.5],
    ['trace-ends'],
  ],
  ['days', 'Time (days)\n0.5\n1\n', [0, 43200]],
  ['days of a spreadsheet, or seconds', 'timestamp\n45422.00001\n45422.00003\n', [0, 0.00002], ['trace-unit']],
  ['days of a spreadsheet', 'timestamp\n45422.25\n45422.5\n', [0, 21600], [], { unit: 'd' }],
  ['durations without a unit', 'end_ms,e2e_latency\n1500,0.5\n2500,0.25\n', [0, 1.25], ['trace-unit', 'trace-ends']],
  [
    'durations with decimals beside ends in s',
    'end_s,latency\n1.5,0.5\n2.5,0.25\n',
    [0, 1.25],
    ['trace-unit', 'trace-ends'],
  ],
  ['the last time is cut', 'arrival_s\n100.5\n101.5\n10', [0, 1], ['trace-rows']],
  ['the last time is whole', 'arrival_s\n100.5\n101.5\n10\n', [0, 90.5, 91.5], ['trace-unsorted']],
  [
    'whole seconds, few rows each',
    `time_s\n${many((i) => `${Math.floor(i / 1.25)}`, 10)}\n`,
    [0, 0, 1, 2, 3, 4, 4, 5, 6, 7],
    ['trace-resolution'],
  ],
  [
    'steps of 1/60 s, rounded',
    `time_s\n${many((i) => (Math.floor(i / 2) / 60).toFixed(6), 10)}\n`,
    [0, 0, 0.016667, 0.016667, 0.033333, 0.033333, 0.05, 0.05, 0.066667, 0.066667],
    ['trace-resolution'],
  ],
  ['a rate in each row', '"Time","Requests/s"\n0.5,7\n1.5,9\n', [0, 1], ['trace-counts']],
  [
    'a sum in each row, as CloudWatch exports it',
    'Timestamp,Sum,Unit\n60.5,7,Count\n120.5,9,Count\n',
    [0, 60],
    ['trace-counts'],
  ],
  ['events of several kinds', 'timestamp,event_type\n0.5,SUBMIT\n1.5,START\n', [0, 1], ['trace-events']],
  ['kinds of events as numbers', 'timestamp,event_type\n0.5,0\n1.5,4\n', [0, 1], ['trace-events']],
  ['codes that can be kinds of events', 'time_s,type\n0.5,0\n1.5,1\n', [0, 1], ['trace-events']],
  [
    'begins and ends in a column of another name',
    'ts,what\n0.5,Job_Submit\n1.5,job_finish\n',
    [0, 1],
    ['trace-events'],
  ],
  ['states of requests that all ended', 'ts,status\n0.5,completed\n1.5,failed\n', [0, 1]],
  ['kinds of requests', 'ts,type\n0.5,chat\n1.5,code\n', [0, 1]],
  ['status codes of HTTP', 'ts,status\n0.5,200\n1.5,500\n', [0, 1]],
  ['one kind of event', 'timestamp,event\n0.5,SUBMIT\n1.5,START\n2.5,SUBMIT\n', [0, 2], [], { where: 'event=SUBMIT' }],
  ['several networks', 'timestamp,Model\n0.5,A\n1.5,B\n', [0, 1], ['trace-models']],
  [
    'gaps of the rows that are left out pass too',
    'gap_ms,Model\n100,A\n200,B\n300,A\n400,B\n',
    [0, 0.7],
    [],
    { where: 'Model=B' },
  ],
  ['day and time in two columns', 'Date,Time,x\n2024-05-10,23:59:59.5,1\n2024-05-11,00:00:01,2\n', [0, 1.5], []],
  ['the same without a header', '2024/05/10;00:00:01\n2024/05/10;00:00:02\n2024/05/11;00:00:01\n', [0, 1, 86_400]],
  [
    'the same in JSON',
    '{"time": "00:00:01", "day": "2024-05-10"}\n{"day": "2024-05-11", "time": "00:00:01"}\n',
    [0, 86_400],
  ],
  ['a day that is no date', 'Date,Time\n2024-05-10,00:00:01\n2024-13-11,00:00:01\n', [0], ['trace-rows']],
  [
    'seconds since 1970 among milliseconds',
    'timestamp\n1715299200000\n1715299201000\n1715299202\n',
    [0, 1713583900.798, 1713583901.798],
    ['trace-unsorted', 'trace-unit'],
  ],
  ['gaps within sessions', 'session_id,delay_ms\na,100\nb,200\na,100\n', [0, 0.2, 0.3], ['trace-column']],
  [
    'gaps between all requests of several sessions',
    'session_id,delay_ms\na,100\nb,200\n',
    [0, 0.2],
    [],
    { gaps: true },
  ],
  ['gaps of one session', 'session_id,delay_ms\na,100\na,200\n', [0, 0.2]],
  ['times of day that pass midnight', 'time\n23:59:58\n23:59:59.5\n00:00:01\n', [0, 1.5, 3], ['trace-midnight']],
  [
    'and do so in another order than they are written',
    'time\n23:59:58\n00:00:01\n23:59:59\n00:00:02\n',
    [0, 1, 3, 4],
    ['trace-unsorted', 'trace-midnight'],
  ],
  [
    'two days later',
    'time\n12:00:00\n23:00:00\n01:00:00\n23:00:00\n02:00:00\n',
    [0, 39600, 46800, 126000, 136800],
    ['trace-midnight'],
  ],
  ['one network', 'timestamp,Model\n0.5,A\n1.5,B\n2.5,B\n', [0, 1], [], { where: 'model = B' }],
  ['a value that no row has', 'timestamp,Model\n0.5,A\n', undefined, ['trace-unreadable'], { where: 'Model=C' }],
  ['no value', 'timestamp,Model\n0.5,A\n', undefined, ['trace-unreadable'], { where: 'Model' }],
  ['submission before start', 'start_time,submit_time\n5.5,0.5\n6.5,3.5\n', [0, 3]],
  ['two columns of one name', 'timestamp,timestamp\n0.5,9.5\n1.5,9.75\n', [0, 1], ['trace-column']],
  [
    'two columns of equal names',
    'scheduled_time,actual_time\n0.5,0.5\n1.5,3.5\n2.5,4.5\n',
    [0, 1, 2],
    ['trace-column'],
  ],
  ['one of them is stated', 'scheduled_time,actual_time\n0.5,0.5\n1.5,3.5\n', [0, 3], [], { column: 'actual_time' }],
  ['the same times in two units', 'ts,timestamp\n0.5,500\n1.5,1500\n2.5,2500\n', [0, 1, 2]],
  ['a better column cannot be read', 'arrival,start\nlately,0.5\nsoon,1.5\n', [0, 1], ['trace-column']],
  ['an index is no time', 'a,b\n0,0.5\n1,1.75\n2,2.5\n', [0, 1.25, 2], ['trace-column']],
  ['JSON lines that are cut', '{"arrival_time": 0.5}\n{"arrival_time": 1.5}\n{"arrival_t', [0, 1], ['trace-rows']],
  ['text between JSON lines', '{"arrival_time": 0.5}\noops\n{"arrival_time": 1.5}\n', [0, 1], ['trace-rows']],
  [
    'a JSON object with a list of requests',
    '{"requests": [{"arrival_time": 0.5}, {"arrival_time": 1.5}]}',
    undefined,
    ['trace-unreadable'],
  ],
  [
    'a JSON object with lists of times',
    '{"duration": 5, "completed": 2, "start_times": [0.5, 1.5]}',
    undefined,
    ['trace-unreadable'],
  ],
  ['a table of pandas in JSON', '{"timestamp": {"0": 0.5, "1": 1.5}}', undefined, ['trace-unreadable']],
  ['one request in JSON', '{"timestamp": 5, "input_length": 7, "output_length": 3, "hash_ids": [1, 2]}', [0], [tokens]],
  ['a JSON array of numbers', '[0.5, 1.5]', undefined, ['trace-unreadable']],
  ['a JSON array of arrays', '[[0.5, 1], [1.5, 2]]', undefined, ['trace-unreadable']],
];

describe('arrival traces', () => {
  for (const given of real) test(given[0], () => check(given));

  test.each([
    ['gzip', [0x1f, 0x8b, 8]],
    ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
    ['ZIP', [0x50, 0x4b, 3, 4]],
    ['Parquet', [0x50, 0x41, 0x52, 0x31]],
    ['UTF-16', [0xff, 0xfe, 0x74, 0]],
    ['UTF-16', [0x74, 0, 0x5f, 0]],
  ])('the error for a packed file names its kind: %s', (name, codes) => {
    const { value, diagnostics } = readTrace(Uint8Array.from(codes), origin);
    expect([value, diagnostics.length]).toEqual([undefined, 1]);
    expect(diagnostics[0]?.message).toContain(name);
  });

  test('the report lists what the .npu file states about the trace', () => {
    const text = 'when,Model\n0.5,A\nsoon,B\n1.5,B\n2.5,B\n';
    const options = { column: 'when', unit: 's', skip: true, spread: false, where: 'Model=B' } as const;
    expect(readTrace(bytesOf(text), origin, options).value?.stated).toEqual([
      "the arrival times are in column 'when'",
      'its times are in s',
      'only rows with Model=B are replayed, 3 of 4',
      '1 of 3 rows that cannot be read are left out on purpose',
      'rows that share a time arrive at one instant',
    ]);
    expect(readTrace(bytesOf(text), origin).value?.stated).toBeUndefined();
  });
  for (const [what, text, codes, options] of later)
    test(`all rows are checked, not only the first ones: ${what}`, () => {
      const { value, diagnostics } = readTrace(bytesOf(text), origin, options);
      expect(diagnostics.map(({ code }) => code)).toEqual(codes);
      if (options?.spread === true) expect(new Set(value?.timesSeconds).size).toBe(value?.timesSeconds.length);
    });

  test('the report says that rows are spread only if any were', () => {
    const stated = (text: string) => readTrace(bytesOf(text), origin, { spread: true }).value?.stated;
    expect(stated('time_s\n1.5\n2.75\n4.125\n')).toBeUndefined();
    expect(stated('gap_s\n0\n0\n0\n1\n0\n0\n')).toEqual(['rows that share a coarse time are spread over it']);
  });
  for (const given of layouts) test(given[0], () => check(given));
  for (const given of guesses) test(given[0], () => check(given));

  test('a column named time whose values look like durations gets a caveat', () => {
    const { diagnostics } = readTrace(bytesOf(`time\n${many((i) => `0.${(i * 37) % 100}5`, 50)}\n`), origin);
    expect(diagnostics.map(({ code }) => code)).toContain('trace-column');
  });

  test('each guess is a caveat with its effect', () => {
    const effects = (text: string) =>
      readTrace(bytesOf(text), origin).value?.caveats?.map(({ code, effect }) => [code, effect]);
    expect(effects('time\n1\n3\n')).toEqual([['trace-unit', { kind: 'any' }]]);
    expect(effects('time_s\n1\nx\ny\n3\n')).toEqual([['trace-rows', { kind: 'more-requests', count: 2 }]]);
    expect(effects('gap_s\n1\nx\n3\n')).toEqual([['trace-rows', { kind: 'any' }]]);
    expect(effects('time_s\n1\n3\n2\n')).toEqual([['trace-unsorted', { kind: 'none' }]]);
    expect(effects('time_s\n1\n3\n')).toBeUndefined();
  });

  test.each<[string, string, TraceOptions, string, number]>([
    ['dates', 'ts\n1970-01-01 00:00:10.5\n1970-01-01 00:00:20\n', {}, 'local', 10.5],
    ['dates with a zone', 'ts\n1970-01-01T00:00:10.5Z\n1970-01-01T00:00:20Z\n', {}, 'utc', 10.5],
    ['times of day', 'time\n00:00:10.5\n00:00:20\n', {}, 'day', 10.5],
    ['numbers', 'time_s,Model\n3.5,A\n10.5,B\n', { where: 'Model=B' }, 'file', 10.5],
    ['gaps', 'gap_s,Model\n3.5,A\n10.5,B\n', { where: 'Model=B' }, 'file', 10.5],
  ])('the first request has a place on a clock that other traces can share: %s', (_, text, options, clock, start) => {
    expect(readTrace(bytesOf(text), origin, options).value).toMatchObject({ clock, startSeconds: start });
  });

  test('the absolute start is kept, and tokens are in the order of the times', () => {
    const text = 'TIMESTAMP,ContextTokens,GeneratedTokens\n1970-01-01 00:00:20.5,4,1\n1970-01-01 00:00:10.5,5,\n';
    const { value } = readTrace(bytesOf(text), origin);
    expect([value?.startSeconds, [...(value?.promptTokens ?? [])], [...(value?.outputTokens ?? [])]]).toEqual([
      10.5,
      [5, 4],
      [Number.NaN, 1],
    ]);
  });

  test('no message quotes a file that is not a trace', () => {
    for (const secret of ['root:x:0:0:root:/root:/bin/bash\ndaemon:x:1\n', 'KEY=value1,OTHER=value2\n7,8\n9,3\n']) {
      const { diagnostics } = readTrace(bytesOf(secret), origin);
      expect(JSON.stringify(diagnostics)).not.toMatch(/root:|daemon|value\d/u);
    }
  });

  test('a file read in pieces gives the same result as the whole file', () => {
    const text = bytesOf(`prompt,timestamp\r\n${many((i) => `"a, ""${i}""\r\nb",${i / 8}`, 600)}`);
    const whole = createTraceReader();
    whole.push(text);
    const expected = whole.end();
    expect(expected.trace?.timesSeconds).toHaveLength(600);
    for (const size of [1, 7, 100_000]) {
      const reader = createTraceReader();
      for (let at = 0; at < text.length; at += size) reader.push(text.slice(at, at + size));
      expect(reader.end()).toEqual(expected);
    }
  });

  test('cells that RFC 4180 quotes are read unchanged', () => {
    const cell = fc.string({ maxLength: 12 }).map((text) => text.replaceAll('\0', ''));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, fc.nat(1e9)), { minLength: 1, maxLength: 40 }), (rows) => {
        let at = 0;
        const times = rows.map(([, gap]) => (at += gap));
        const text = writeCsv(
          ['prompt', 'arrival_us', 'end'],
          rows.map(([prompt], row) => [`"${prompt}`, times[row], prompt]),
        );
        const { value } = readTrace(bytesOf(text), origin, { spread: false });
        expect([...(value?.timesSeconds ?? [])]).toEqual(times.map((time) => (time - (times[0] ?? 0)) / 1e6));
      }),
    );
  });

  const purpose = 'out on purpose: trace("FILE", skip: yes).';
  const bad = 'its time is not a number';
  test.each<[string, string, string]>([
    [
      'one',
      'time_s\n0\n\nx\n2\n',
      `1 of 3 rows of the trace cannot be read and is left out: line 4 (${bad}). Correct it, or leave it`,
    ],
    [
      'three',
      'x,time_s\n1,0\n1,\n1\n1,a\n1,5\n',
      `3 of 5 rows of the trace cannot be read and are left out: line 3 (its time is empty), line 4 (it has 1 cell instead of 2), line 5 (${bad}). Correct them, or leave them`,
    ],
    [
      'more than three',
      `time_s\n0\n${'bad\n'.repeat(5000)}`,
      `5000 of 5001 rows of the trace cannot be read and are left out: line 3 (${bad}), line 4 (${bad}), line 5 (${bad}), and 4997 more. Correct them, or leave them`,
    ],
    [
      'lines without a record among records',
      '{"t_s": 0.5}\n{"t_s": "a"}\noops\n{"t_s": "b"}\n{"t_s": 2}\noops\n',
      `4 of 6 rows of the trace cannot be read and are left out: line 2 (${bad}), line 3 (it is not a whole JSON object), line 4 (${bad}), and 1 more. Correct them, or leave them`,
    ],
  ])('malformed rows are one message with the first three in the order of the file: %s', (_, text, expected) => {
    const { diagnostics } = readTrace(bytesOf(text), origin, { unit: 's' });
    expect(diagnostics.map(({ message }) => message)).toEqual([`${expected} ${purpose}`]);
  });

  test('an error for a trace without a time lists the first rows with their reasons', () => {
    const text = `when,Model\n${'0,A\n'.repeat(300)}${'soon,B\n'.repeat(9)}`;
    const { diagnostics } = readTrace(bytesOf(text), origin, { column: 'when', unit: 's', where: 'Model=B' });
    expect(diagnostics.map(({ message }) => message)).toEqual([
      `Cannot read the trace: none of its 9 rows has a time in column 'when': line 302 (${bad}), line 303 (${bad}), line 304 (${bad}).`,
    ]);
  });

  test('any bytes: the reader does not throw, and the times ascend from zero', () => {
    const row = fc.oneof(
      fc.double({ noNaN: true }).map(String),
      fc.string(),
      fc.constantFrom('2023-11-16 18:17:03.97', '1,2', '', '"3"', '-1'),
    );
    const texts = fc.oneof(
      fc.array(row).map((rows) => bytesOf(rows.join('\n'))),
      fc.uint8Array({ maxLength: 300 }),
    );
    fc.assert(
      fc.property(texts, (bytes) => {
        const { value, diagnostics } = readTrace(bytes, origin);
        expect(value !== undefined || diagnostics.some((each) => each.severity === 'error')).toBe(true);
        if (value === undefined) return;
        const { timesSeconds: times } = value;
        expect(times[0]).toBe(0);
        for (let index = 1; index < times.length; index++)
          expect(times[index]).toBeGreaterThanOrEqual(times[index - 1] ?? 0);
      }),
      { numRuns: 2000 },
    );
  });

  test('nanoseconds that were written are read exactly', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 2 ** 40 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(gaps, fc.bigInt({ min: 0n, max: 10n ** 19n }), (nanoseconds, start) => {
        let at = start;
        const rows = ['timestamp_ns', String(at)];
        const expected = [0];
        for (const gap of nanoseconds) {
          at += BigInt(gap);
          rows.push(String(at));
          expected.push(Number(at - start) / 1e9);
        }
        expect([...(readTrace(bytesOf(rows.join('\n')), origin).value?.timesSeconds ?? [])]).toEqual(expected);
      }),
    );
  });
});

describeWithReference(
  'reference traces',
  ['traces/AzureLLMInferenceTrace_code.csv', 'loadgen/schedule-seed-3507442325620259414-qps-4500.csv'],
  () => {
    test('Azure LLM inference, code: the first arrivals, and no caveat', () => {
      const { value, diagnostics } = readTrace(readReference('traces/AzureLLMInferenceTrace_code.csv'), origin);
      expect(diagnostics.map(({ code }) => code)).toEqual([tokens]);
      expect(value?.timesSeconds).toHaveLength(8819);
      expect([...(value?.timesSeconds ?? [])].slice(0, 5)).toEqual([0, 0.052, 0.098189, 0.140684, 0.444994]);
    });

    test('a LoadGen schedule is read to the nanosecond', () => {
      const bytes = readReference('loadgen/schedule-seed-3507442325620259414-qps-4500.csv');
      const written = new TextDecoder().decode(bytes).trim().split(/\r?\n/).slice(1).map(Number);
      const { value, diagnostics } = readTrace(bytes, origin);
      expect(diagnostics).toEqual([]);
      expect([...(value?.timesSeconds ?? [])].map((seconds) => Math.round(seconds * 1e9))).toEqual(written);
    });
  },
);

describe('block hashes of prompts', () => {
  const row = (time: number, input: number, ids: readonly number[]) =>
    `{"timestamp": ${time}, "input_length": ${input}, "output_length": 5, "hash_ids": [${ids.join(', ')}]}`;
  const hashesOf = (text: string) => readTrace(bytesOf(text), origin, {}).value?.promptHashes;
  /** The identities of each request. */
  const lists = (text: string) => {
    const { identities, starts } = hashesOf(text) ?? { identities: [], starts: [0] };
    return [...starts.slice(1)].map((end, r) => [...identities.slice(starts[r], end)]);
  };

  test('of Mooncake have the size that explains the lengths of all lists', () => {
    const text = [row(0, 1200, [46, 47, 48]), row(5, 3000, [46, 47, 50, 51, 52, 53])].join('\n');
    expect(hashesOf(text)?.blockTokens).toBe(512);
    expect(lists(text)).toEqual([
      [0, 1, 2],
      [0, 1, 3, 4, 5, 6],
    ]);
    const [{ message } = { message: '' }] = readTrace(bytesOf(text), origin, {}).diagnostics;
    expect(message).toContain('hashes of blocks of 512 tokens');
  });

  const caveatsOf = (text: string, options: TraceOptions = {}) =>
    readTrace(bytesOf(text), origin, options).value?.caveats?.map(({ code, text, effect }) => [code, text, effect]);
  /** Rows of prompts of 2048 tokens, and one whose length leaves 512 tokens as the only size of a block. */
  const written = (...lists: readonly string[]) =>
    [
      ...lists.map((list, n) => `{"timestamp": ${n}, "input_length": 2048, "output_length": 5, "hash_ids": ${list}}`),
      row(9000, 2049, [90, 91, 92, 93, 94]),
    ].join('\n');

  test.each([
    ['texts', '["a0", "a1", "a2", "a3"]', '["b0", "b1", "b2", "b3"]'],
    ['texts with commas and quotes', '["a,1", "a\\"2", "a]3", "a 4"]', '["b,1", "b\\"2", "b]3", "b 4"]'],
    ['signs', '[7, 8, 9, 10]', '[-7, -8, -9, -10]'],
    [
      'large integers',
      '[576460752303423488, 576460752303423490, 576460752303423492, 576460752303423494]',
      '[576460752303423489, 576460752303423491, 576460752303423493, 576460752303423495]',
    ],
  ])('are compared as they are written: %s', (_, one, other) => {
    const text = written(one, other, one);
    expect(lists(text).slice(0, 3)).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [0, 1, 2, 3],
    ]);
    expect(caveatsOf(text)).toBeUndefined();
  });

  test('of a CSV file can be texts', () => {
    const text = `timestamp_ms,input_length,hash_ids\n0,2048,"['a', 'b', 'c', 'd']"\n1,2048,"[""a"", ""b"", 1, 2]"\n2,2049,"[1 2 3 4 5]"\n`;
    expect(lists(text)).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [6, 7, 8, 9, 10],
    ]);
  });

  test.each([
    '[1.5, 2.5]',
    '[[1, 2], [3, 4]]',
    '[null, 1, 2, 3]',
    '[1e3, 2, 3, 4]',
    '[{"id": 1}, 2, 3, 4]',
    '[0x1, 2, 3, 4]',
  ])('are not used if an element is neither a whole number nor a text: %s', (list) => {
    const text = written('[1, 2, 3, 4]', list);
    expect(hashesOf(text)).toBeUndefined();
    expect(caveatsOf(text)).toEqual([
      ['trace-hashes', expect.stringContaining('line 2 has a hash that is neither'), { kind: 'any' }],
    ]);
  });

  const ambiguous = [row(0, 1000, [0, 1]), row(5, 1000, [0, 5])].join('\n');
  test('whose size is guessed get a caveat, and a stated size removes it', () => {
    expect(hashesOf(ambiguous)?.blockTokens).toBe(512);
    expect(caveatsOf(ambiguous)).toEqual([
      [
        'trace-hashes',
        expect.stringContaining('blocks of 334 to 999 tokens. They are read as blocks of 512'),
        { kind: 'any' },
      ],
    ]);
    const blockTokens = 500;
    const { value } = readTrace(bytesOf(ambiguous), origin, { blockTokens });
    expect(value?.promptHashes).toEqual({
      identities: Uint32Array.of(0, 1, 0, 2),
      starts: Uint32Array.of(0, 2, 4),
      blockTokens,
    });
    expect(value?.caveats).toBeUndefined();
    expect(value?.stated).toEqual(['its hashes identify blocks of 500 tokens']);
    const guessed = [row(0, 1200, [46, 47, 48]), row(5, 3000, [46, 47, 50, 51, 52, 53])].join('\n');
    expect(caveatsOf(guessed)).toEqual([
      [
        'trace-hashes',
        expect.stringContaining('blocks of 500 to 599 tokens. They are read as blocks of 512'),
        { kind: 'any' },
      ],
    ]);
    expect(caveatsOf(guessed, { blockTokens: 512 })).toBeUndefined();
  });

  test('are not used if the stated size contradicts the lists', () => {
    const options = { blockTokens: 512 };
    const text = [row(0, 2000, [1, 2, 3, 4]), row(5, 2000, [1, 2])].join('\n');
    expect(readTrace(bytesOf(text), origin, options).value?.promptHashes).toBeUndefined();
    expect(caveatsOf(text, options)).toEqual([
      [
        'trace-hashes',
        expect.stringContaining('512 tokens do not explain how many hashes 1 of 2 prompts have'),
        { kind: 'any' },
      ],
    ]);
  });

  test('that are all different share nothing, whatever the size is', () => {
    const text = [row(0, 1000, [0, 1]), row(5, 1000, [2, 3])].join('\n');
    expect([hashesOf(text), caveatsOf(text)]).toEqual([undefined, undefined]);
  });

  test.each([
    ['the last block of a prompt, which is not full', 1],
    ['only full blocks', 0],
  ])('have any size that exactly one number explains, with %s', (_, partial) => {
    const rows = Array.from({ length: 300 }, (_, n) => {
      const input = 500 * (1 + (n % 60)) + (n % 3 === 0 ? 1 : (n * 7) % 500);
      const blocks = partial === 1 ? Math.ceil(input / 500) : Math.floor(input / 500);
      return row(
        n,
        input,
        Array.from({ length: blocks }, (_, at) => at),
      );
    });
    expect([hashesOf(rows.join('\n'))?.blockTokens, caveatsOf(rows.join('\n'))]).toEqual([500, undefined]);
  });

  test('follow their rows if the trace is not sorted, and beyond the sample of the first rows', () => {
    const rows = Array.from({ length: 400 }, (_, n) => row(400 - n, 1025 + n, [7, 8, n + 9]));
    const found = lists(rows.join('\n'));
    expect(found).toHaveLength(400);
    expect(found.every(([first, second]) => first === found[0]?.[0] && second === found[0]?.[1])).toBe(true);
    // The last row comes first.
    expect(new Set(found.map((list) => list[2])).size).toBe(400);
    expect(found[0]).toEqual([0, 1, 2]);
  });

  test.each([
    ['several sizes explain them', [row(0, 5, [1]), row(5, 7, [1])].join('\n')],
    ['no size explains them', [row(0, 1200, [1, 2, 3]), row(5, 1200, [1])].join('\n')],
    [
      'no size explains a list that is missing',
      `${row(0, 1200, [1, 2, 3])}\n{"timestamp": 5, "input_length": 900, "output_length": 1}`,
    ],
  ])('are not used if %s', (_, text) => {
    expect(hashesOf(text)).toBeUndefined();
    expect(readTrace(bytesOf(text), origin, {}).diagnostics.some(({ message }) => message.includes('not used'))).toBe(
      true,
    );
  });
});
