import { describe, expect, test } from 'vitest';
import type { TraceOptions } from '../../design/index.ts';
import { readTrace } from '../../formats/index.ts';
import { bytesOf, type Case, check, many, origin } from './trace-case.ts';

const tokens = 'trace-tokens';
/* Times that may be ends of requests, and logs of programs that document the columns. */
const metrics =
  'metric_name,timestamp,metric_value,check\nhttp_reqs,1700000001,1.000000,\nhttp_req_duration,1700000001,250.5,\nhttp_reqs,1700000003,1.000000,\nhttp_req_duration,1700000003,1500,\n';
const points =
  '{"metric":"http_req_duration","type":"Point","data":{"time":"2024-05-09T14:34:45.5+02:00","value":250}}\n{"metric":"http_req_duration","type":"Point","data":{"time":"2024-05-09T14:34:47.5+02:00","value":1000}}\n';
const log = 'timestamp,latency_s\n0.5,0.25\n1.5,1.125\n2.5,0.5\n';
const ends: readonly Case[] = [
  ['a timestamp beside latencies', log, [0, 1, 2], ['trace-column']],
  ['ends that are stated', log, [0, 0.125, 1.75], ['trace-ends'], { ends: true }],
  [
    'ends that are stated, with their column',
    log,
    [0, 0.125, 1.75],
    ['trace-ends'],
    { ends: true, column: 'timestamp' },
  ],
  ['arrivals that are stated', log, [0, 1, 2], [], { ends: false }],
  ['arrivals by their column', log, [0, 1, 2], [], { column: 'timestamp' }],
  ['a column of ends that are arrivals', 'end_time,duration\n1.5,0.5\n2.5,0.5\n', [0, 1], [], { ends: false }],
  ['ends without durations, stated', 'timestamp\n1.5\n2.5\n', undefined, ['trace-unreadable'], { ends: true }],
  [
    'ends, not the arrivals beside them',
    'arrival,end_time,duration_s\n7.5,9.5,0.5\n9.5,9.75,0.5\n',
    [0, 0.25],
    ['trace-ends'],
    { ends: true },
  ],
  ['a start beside latencies', 'start_time,duration\n0.5,0.25\n1.5,1.125\n', [0, 1]],
  [
    'Envoy: a start in JSON',
    '{"start_time":"2024-05-10T00:00:00.5Z","duration":12}\n{"start_time":"2024-05-10T00:00:01.5Z","duration":7}\n',
    [0, 1],
  ],
  [
    'Traefik: the start in UTC, not the time of the line',
    '{"time":"2024-05-10T00:00:09Z","StartUTC":"2024-05-10T00:00:00.5Z","Duration":12}\n{"time":"2024-05-10T00:00:09Z","StartUTC":"2024-05-10T00:00:01.5Z","Duration":7}\n',
    [0, 1],
  ],
  [
    'a load balancer of AWS: the creation',
    'time,target_processing_time,request_creation_time\n2024-05-10T00:00:05Z,4.5,2024-05-10T00:00:00.5Z\n2024-05-10T00:00:06Z,4.5,2024-05-10T00:00:01Z\n',
    [0, 0.5],
  ],
  [
    'a load balancer of AWS: the response alone',
    'time,target_processing_time\n2024-05-10T00:00:05.5Z,4.5\n2024-05-10T00:00:06.5Z,4.5\n',
    [0, 1],
    ['trace-column'],
  ],
  [
    'JMeter, which can be set to either',
    'timeStamp,elapsed,label\n1700000000500,90,a\n1700000000750,80,b\n',
    [0, 0.25],
    ['trace-column'],
  ],
  [
    'BurstGPT with its durations',
    'Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens\n5.0,1,2.5,GPT-4,472,18\n45.0,2,1.5,GPT-4,87,23\n',
    [0, 40],
    [tokens],
  ],
  ['only the time to the first token', 'end_time,ttft\n1.5,0.5\n2.5,0.5\n', undefined, ['trace-unreadable']],
  [
    'the whole and a part of the duration',
    'end_time,queue_time,duration_s\n1.5,0.25,0.5\n2.5,0.5,0.75\n',
    [0, 0.75],
    ['trace-ends'],
  ],
  [
    'two durations',
    'end_time,service_time_s,processing_time_s\n1.5,0.25,0.5\n2.5,0.5,0.75\n',
    [0, 0.75],
    ['trace-column', 'trace-ends'],
  ],
  [
    'durations of a log with dates, in any unit',
    'end_time,duration\n2024-05-10T00:00:05Z,2.5\n2024-05-10T00:00:06Z,1.5\n',
    [0, 2],
    ['trace-unit', 'trace-ends'],
  ],
  ['k6: all metrics', metrics, undefined, ['trace-unreadable']],
  ['k6: ends of requests', metrics, [0, 0.7505], ['trace-ends'], { where: 'metric_name=http_req_duration' }],
  ['k6, JSON', points, [0, 1.25], ['trace-ends'], { where: 'metric=http_req_duration' }],
  ['k6, JSON: all metrics', points, undefined, ['trace-unreadable']],
];

/* The clock of ends is coarse, and the durations hide it. */
const coarse = `end_time_s,duration_s\n${many((i) => `${10 + Math.floor(i / 4)},${((i * 37) % 100) / 1000}`, 40)}\n`;

describe('ends of requests', () => {
  for (const one of ends) test(one[0], () => check(one));

  test('have the resolution of their own clock', () => {
    const read = (options: TraceOptions = {}) => readTrace(bytesOf(coarse), origin, options);
    expect(read().diagnostics.map(({ code }) => code)).toContain('trace-resolution');
    expect(read({ spread: false }).diagnostics.map(({ code }) => code)).not.toContain('trace-resolution');
    const spread = read({ spread: true });
    expect(spread.diagnostics.map(({ code }) => code)).not.toContain('trace-resolution');
    // Four ends in a second are 0.25 s apart. The durations are below 0.1 s, so the arrivals stay in their order.
    expect(spread.value?.timesSeconds[39]).toBeCloseTo(9.75 - ((39 * 37) % 100) / 1000, 9);
    expect(spread.value?.stated).toContain('rows that share a coarse time are spread over it');
  });
});
