import { describe, expect, test } from 'vitest';
import type { ModelCost } from '../../design/index.ts';
import { type Cell, writeCsv } from '../../design/index.ts';
import { writeLayersCsv, writeSegmentsCsv, writeSeriesCsv } from '../../formats/index.ts';
import { smallRun } from './small-run.ts';

describe('CSV', () => {
  const cells: readonly (readonly [Cell, string])[] = [
    ['plain', 'plain'],
    ['a, b', '"a, b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['two\rlines', '"two\rlines"'],
    ['=cmd|calc', "'=cmd|calc"],
    ['+1', "'+1"],
    ['-a', "'-a"],
    ['@SUM(1, 2)', '"\'@SUM(1, 2)"'],
    [-1, '-1'],
    [0.1, '0.1'],
    [1e21, '1e+21'],
    [Number.NaN, ''],
    [Number.POSITIVE_INFINITY, 'inf'],
    [null, ''],
    [true, 'true'],
  ];
  test.each(cases(cells))('%s', (_, cell, expected) => {
    expect(writeCsv(['x', 'y'], [[cell, 1]])).toBe(`x,y\r\n${expected},1\r\n`);
  });

  test('series: one row for each bucket, rates per second, and empty cells without a measurement', () => {
    const lines = writeSeriesCsv(smallRun('main', [])).split('\r\n');
    expect(lines).toEqual([
      'run,serve,model,startSeconds,offeredRps,completedRps,goodputRps,p50LatencySeconds,p99LatencySeconds,maxLatencySeconds,queued,maxQueued',
      'main,"main ""hall""",ResNet50,0,2,0,0,,0,0,2,0',
      'main,"main ""hall""",ResNet50,0.5,4,2,0,0.25,0,0,0.5,0',
      '',
    ]);
  });

  test('segments: one row for each segment of the window', () => {
    const run = smallRun('main', [
      { start: 0.1, end: 0.2, activity: 'burst', layers: [3, 5] },
      { start: 0.2, end: 0.25, activity: 'switching', serve: 65_535 },
    ]);
    expect(writeSegmentsCsv(run).split('\r\n').slice(1)).toEqual([
      'main,0,0.1,0.2,burst,"main ""hall""",4,3,5',
      'main,0,0.2,0.25,switching,,4,0,0',
      '',
    ]);
  });

  test('layers: the columns are those that the documentation lists', () => {
    const cost: ModelCost = {
      model: 'Net',
      npu: 'Chip',
      mode: 'base',
      batch: 1,
      layers: [
        {
          layer: 'fc',
          origin: { uri: 'test:', start: 0, end: 2 },
          kind: 'dense',
          m: 1,
          n: 10,
          k: 4,
          groups: 1,
          macs: 40,
          parameters: 50,
          computeCycles: 7,
          vectorCycles: 0,
          memoryCycles: 3,
          hbmCycles: 3,
          quantizeCycles: 0,
          cycles: 8,
          bound: 'compute',
          runnerUp: { bound: 'hbm', ratio: 2.3 },
          gain: null,
          utilization: 0.5,
          hbmBytes: 0,
          cmemBytes: 0,
          vmemBytes: 0,
          weightBytes: 80,
          resident: true,
          operationalIntensity: Number.POSITIVE_INFINITY,
          explanation: 'compute bound, by far',
          energyJoules: null,
        },
      ],
      cycles: 8,
      seconds: 8e-9,
      ridgeMacsPerHbmByte: 112,
      macs: 40,
      parameters: 50,
      energyJoules: null,
    };
    const [header, row] = writeLayersCsv([cost]).split('\r\n');
    for (const column of [
      'layer',
      'kind',
      'm',
      'n',
      'k',
      'groups',
      'macs',
      'parameters',
      'computeCycles',
      'vectorCycles',
      'memoryCycles',
      'cycles',
      'bound',
      'utilization',
    ]) {
      expect(header?.split(',')).toContain(column);
    }
    expect(row).toBe(
      'Net,Chip,base,1,fc,dense,1,10,4,1,40,50,7,0,3,3,0,8,compute,0.5,0,0,0,80,true,inf,,"compute bound, by far"',
    );
  });
});

function cases(rows: readonly (readonly [Cell, string])[]): [string, Cell, string][] {
  return rows.map(([cell, expected]) => [JSON.stringify(cell) ?? '', cell, expected]);
}
