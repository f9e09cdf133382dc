import { describe, expect, test } from 'vitest';
import type { Npu } from '../../../design/index.ts';
import { costModel } from '../../../simulator/hardware/index.ts';
import { ModelBuilder, stimpack } from './fixtures.ts';

/** The costs that overlap with nothing on the chip: dispatch, and the link to the host. */

const free: Npu = { ...stimpack, burst: null };
const perOperator = (seconds: number): Npu => ({
  ...free,
  dispatch: { latencySeconds: 0, perOperatorSeconds: seconds },
});

/** Three operators: the relu runs in the vector stage of the first dense layer. */
function small() {
  const net = new ModelBuilder('small', [512]);
  net.dense(512);
  net.relu();
  net.dense(512);
  net.add({ kind: 'softmax' }, [512]);
  return net.build();
}

const seconds = (npu: Npu, batch = 1) => costModel(npu, small(), 'base', batch).seconds;

describe('the time of a batch', () => {
  const host = { bandwidthBytesPerSecond: 1e9, latencySeconds: 3e-6 };
  test.each<readonly [string, Partial<Npu>, number, number]>([
    ['each operator, once', { dispatch: { latencySeconds: 0, perOperatorSeconds: 1e-3 } }, 1, 3e-3],
    ['each operator, once for a whole batch', { dispatch: { latencySeconds: 0, perOperatorSeconds: 1e-3 } }, 8, 3e-3],
    ['a batch, once', { dispatch: { latencySeconds: 1e-3, perOperatorSeconds: 0 } }, 1, 1e-3],
    ['inputs and results in bf16, and two latencies', { host }, 4, 2 * 3e-6 + (4 * 2 * (512 + 512)) / 1e9],
  ])('%s', (_, costs, batch, expected) => {
    // The weights are resident, so prefetch gains nothing from the additional time.
    expect(seconds({ ...free, ...costs }, batch) - seconds(free, batch)).toBeCloseTo(expected, 12);
  });
});

describe('the bound of a layer', () => {
  const layersOn = (npu: Npu) => costModel(npu, small(), 'base', 1).layers.filter(({ cycles }) => cycles > 0);

  test('fixed costs bound a layer if they take longer than each of its stages', () => {
    expect(layersOn(free).map(({ bound }) => bound)).not.toContain('dispatch');
    expect(layersOn(perOperator(1e-3)).map(({ bound }) => bound)).toEqual(['dispatch', 'dispatch', 'dispatch']);
    const [bound] = layersOn(perOperator(1e-3));
    expect(bound?.explanation).toMatch(/^Bound by fixed costs \(100 % of its time: the start of the operator\); /);
    expect(bound?.explanation).not.toContain('first load');
  });

  test('the explanation names their share if another stage bounds the layer', () => {
    const [plain] = layersOn(free);
    const part = (plain?.cycles ?? 0) / free.clockHertz / 2;
    const [layer] = layersOn(perOperator(part));
    expect(layer?.bound).toBe(plain?.bound);
    expect(layer?.explanation).toContain('33 % of its time is fixed costs');
  });
});

test.each<readonly [string, Partial<Npu>, RegExp]>([
  ['HBM', {}, /^Bound by HBM .* MACs per byte of HBM/],
  ['DRAM', { offChip: 'DRAM' }, /^Bound by DRAM .* MACs per byte of DRAM/],
  ['none', { offChip: 'none' }, /^Bound by the host link .* MACs per byte of the host link/],
])('sentences use the name of the off-chip memory: %s', (_, names, sentence) => {
  const slow: Npu = { ...free, cmem: null, hbm: { ...free.hbm, bandwidthBytesPerSecond: 1e9 }, ...names };
  const cost = costModel(slow, small(), 'base', 1);
  expect(cost.layers[0]?.explanation).toMatch(sentence);
  expect(cost.memories).toEqual(names.offChip === undefined ? undefined : { offChip: names.offChip });
});
