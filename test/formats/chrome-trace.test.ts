import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ScenarioResult } from '../../design/index.ts';
import { writeChromeTrace } from '../../formats/index.ts';
import { type SmallSegment, smallRun } from './small-run.ts';

interface TraceEvent {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid?: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

function eventsOf(text: string): readonly TraceEvent[] {
  return (JSON.parse(text) as { readonly traceEvents: readonly TraceEvent[] }).traceEvents;
}

/** The begin events, each with the time to its end event, which is the next event of the lane and has the same name. */
function slices(events: readonly TraceEvent[]) {
  return events.flatMap((event, place) => {
    if (event.ph !== 'B') return [];
    const end = events
      .slice(place + 1)
      .find(({ ph, pid, tid }) => ph !== 'M' && pid === event.pid && tid === event.tid);
    expect([end?.ph, end?.name]).toEqual(['E', event.name]);
    const ts = event.ts ?? 0;
    const endTs = end?.ts ?? 0;
    return { ...event, ts, endTs, dur: (endTs * 1000 - ts * 1000) / 1000 };
  });
}

describe('Chrome trace', () => {
  test('segments are on the process of their chip, in microseconds, and named by their activity', () => {
    const run = smallRun('main', [
      { start: 0.1, end: 0.100000001, activity: 'base', layers: [0, 3] },
      { start: 0.2, end: 0.25, activity: 'burst', chip: 1 },
      { start: 0.25, end: 0.250002, activity: 'switching', serve: 65_535 },
    ]);
    expect(
      slices(eventsOf(writeChromeTrace(run))).map(({ name, pid, tid, ts, dur, cat }) => [
        name,
        pid,
        tid,
        ts,
        Math.round(dur * 1000) / 1000,
        cat,
      ]),
    ).toEqual([
      ['main "hall" base', 1, 1, 100_000, 0.001, 'base'],
      ['main "hall" burst', 2, 1, 200_000, 50_000, 'burst'],
      ['switching', 1, 1, 250_000, 2, 'switching'],
    ]);
  });

  test('processes, lanes, marks and counters have names', () => {
    const events = eventsOf(writeChromeTrace(smallRun('main', [{ start: 0, end: 0.5, activity: 'base' }])));
    const named = events
      .filter((event) => event.ph !== 'B' && event.ph !== 'E')
      .map((event) => `${event.ph} ${event.name} ${JSON.stringify(event.args ?? {})}`);
    expect(named).toEqual([
      'M process_name {"name":"main: chip 1 (Stimpack)"}',
      'M process_sort_index {"sort_index":1}',
      'M thread_name {"name":"batches"}',
      'i to burst {}',
      'C activity % {"base":50,"burst":0,"switching":0,"quantizing":0}',
      'M process_name {"name":"main: queues"}',
      'C main "hall" queue {"waiting":2}',
      'C main "hall" queue {"waiting":0.5}',
    ]);
  });

  test('layers have names if the scenario states them, and variants have their own processes', () => {
    const main = smallRun('Stimpack', [{ start: 0, end: 0.5, activity: 'base', layers: [0, 1] }]);
    const cost = { model: 'ResNet50', layers: [{ layer: 'conv1' }, { layer: 'fc' }] };
    const result = {
      main,
      variants: [smallRun('TPUv4i', [{ start: 0, end: 1, activity: 'base' }])],
      layers: [cost],
    } as unknown as ScenarioResult;
    const made = slices(eventsOf(writeChromeTrace(result)));
    expect(made[0]?.args).toEqual({ model: 'ResNet50', batchSize: 4, firstLayer: 'conv1', lastLayer: 'fc' });
    expect(made[0]?.pid).not.toBe(made[1]?.pid);
  });

  test('slices on one lane never overlap, no slice is lost, and there are only as many lanes as overlaps need', () => {
    const segment = fc.record({
      start: fc.integer({ min: 0, max: 60 }),
      length: fc.integer({ min: 1, max: 9 }),
      chip: fc.integer({ min: 0, max: 2 }),
    });
    fc.assert(
      fc.property(fc.array(segment), (list) => {
        const sorted: SmallSegment[] = list
          .map(({ start, length, chip }) => ({
            start: start * 1e-7,
            end: (start + length) * 1e-7,
            chip,
            activity: 'base' as const,
          }))
          .sort((a, b) => a.start - b.start);
        const made = slices(eventsOf(writeChromeTrace(smallRun('main', sorted))));
        expect(made).toHaveLength(sorted.length);
        const lastEnd = new Map<string, number>();
        for (const { pid, tid, ts, endTs } of made) {
          // The values are compared as the reader has them, without rounding: the end of a slice and the start of the next one are the same
          // decimal fraction.
          expect(ts).toBeGreaterThanOrEqual(lastEnd.get(`${pid} ${tid}`) ?? 0);
          lastEnd.set(`${pid} ${tid}`, endTs);
          const lanes = made.filter((other) => other.pid === pid && other.ts <= ts && other.endTs > ts).length;
          expect(tid).toBeLessThanOrEqual(lanes);
        }
      }),
    );
  });
});
