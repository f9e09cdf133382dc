import { describe, expect, test } from 'vitest';
import type { Dataflow, Npu } from '../../../design/index.ts';
import { costModel } from '../../../simulator/hardware/index.ts';
import { ModelBuilder, plainTpu } from './fixtures.ts';
import { hasReference, readReference } from './reference.ts';

const file = 'scale-sim/cycles.csv';
const dataflows: Readonly<Record<string, Dataflow>> = {
  ws: 'weight-stationary',
  os: 'output-stationary',
  is: 'input-stationary',
};

describe.skipIf(!hasReference(file))(`SCALE-Sim (${file})`, () => {
  test('every row is equal to the cycle', () => {
    const [header = '', ...lines] = readReference(file).trim().split(/\r?\n/);
    const names = header.split(',');
    const wrong: string[] = [];
    let rows = 0;
    for (const line of lines) {
      const cells = line.split(',');
      const text = (name: string) => cells[names.indexOf(name)] ?? '';
      const number = (name: string) => Number(text(name));
      if (!Number.isFinite(number('cycles'))) continue;
      rows++;
      const npu: Npu = {
        ...plainTpu,
        array: {
          rows: number('rows'),
          columns: number('cols'),
          count: 1,
          dataflow: dataflows[text('dataflow')] ?? 'weight-stationary',
          preload: 'exposed',
        },
        // Memory that does not make the array wait, as SCALE-Sim's compute report has it.
        vmem: { capacityBytes: 2 ** 30, bandwidthBytesPerSecond: 1e15 },
        hbm: { capacityBytes: 1e12, bandwidthBytesPerSecond: 1e15 },
        cmem: null,
      };
      // SCALE-Sim rounds up an output that the stride does not divide.
      const stride = number('stride');
      const out = (size: number, kernel: number) => Math.ceil((size - kernel + stride) / stride);
      const net = new ModelBuilder('row', [number('ifmap_h'), number('ifmap_w'), number('channels')]);
      net.add(
        {
          kind: 'conv',
          kernel: { height: number('filter_h'), width: number('filter_w') },
          stride: { height: stride, width: stride },
          padding: { top: 0, bottom: 0, left: 0, right: 0 },
          dilation: { height: 1, width: 1 },
          filters: number('filters'),
          groups: 1,
          bias: false,
        },
        [out(number('ifmap_h'), number('filter_h')), out(number('ifmap_w'), number('filter_w')), number('filters')],
        [-1],
      );
      const layer = costModel(npu, net.build(), 'base', 1).layers[0];
      const fold =
        text('dataflow') === 'os'
          ? [layer?.m, layer?.n, layer?.k]
          : text('dataflow') === 'ws'
            ? [layer?.k, layer?.n, layer?.m]
            : [layer?.k, layer?.m, layer?.n];
      const wanted = number('cycles');
      if (
        layer?.computeCycles !== wanted ||
        layer.cycles !== wanted ||
        fold.join() !== [number('sr'), number('sc'), number('t')].join()
      )
        wrong.push(`${line}: ${layer?.computeCycles} of ${layer?.cycles} cycles, folds ${fold}`);
    }
    console.log(`SCALE-Sim: ${rows - wrong.length} of ${rows} rows equal to the cycle`);
    expect(rows).toBeGreaterThan(0);
    expect(wrong).toEqual([]);
  });

  test('groups run one after the other, as SCALE-Sim runs the channels of a depthwise row', () => {
    const depthwise = new ModelBuilder('dw', [114, 114, 32]);
    depthwise.conv(32, 3, { padding: 0, groups: 32 });
    const single = new ModelBuilder('one', [114, 114, 1]);
    single.conv(1, 3, { padding: 0 });
    const npu: Npu = { ...plainTpu, array: { ...plainTpu.array, count: 1, preload: 'exposed' } };
    const cycles = (net: ModelBuilder) => costModel(npu, net.build(), 'base', 1).layers[0]?.computeCycles ?? 0;
    expect(cycles(depthwise)).toBe(32 * cycles(single));
  });
});
