import { describe, expect, it } from 'vitest';
import type { Npu } from '../../../design/index.ts';
import { weightBytes } from '../../../simulator/index.ts';
import { LinearStepCost, MeasuredStepCost, noWork } from '../../../simulator/sequences/index.ts';
import { RandomStream, simulateRun } from '../../../simulator/serving/index.ts';
import { stepOperators } from '../../../simulator/steps/index.ts';
import { stepPricer } from '../../../simulator/steps/step-pricer.ts';
import { stimpack } from '../hardware/fixtures.ts';
import { input, poisson } from '../serving/fixtures.ts';
import { tokenServe } from '../serving/token-fixtures.ts';
import { decoder } from './models.ts';

const range = { tokens: 2048, sequences: 256, context: 8192 };
const model = decoder();
const energyTable = {
  macJoules: { bf16: 0.59e-12, int8: 0.1e-12 },
  vectorOperationJoules: 0.85e-12,
  vmemJoulesPerByte: 1e-12,
  cmemJoulesPerByte: 17e-12,
  hbmJoulesPerByte: 44e-12,
  quantizeJoulesPerElement: 0.2e-12,
  staticWatts: 55,
};
const chip: Npu = { ...stimpack, quantizer: { source: 'stored', elementsPerCycle: 512 }, energy: energyTable };

describe('the energy of a step', () => {
  const pricer = stepPricer(chip, model, 'base', range);
  const { energy } = pricer;
  if (energy === null) throw new Error('no energy');

  it('of one token is mostly that of the weights, which stream from HBM', () => {
    const layers = weightBytes(chip, model, 'base');
    const table = 128_256 * 4096 * 2;
    // All weights except the table of the embedding, of which one row is read.
    const streamed = (layers - table) * energyTable.hbmJoulesPerByte;
    const joules = energy.body(1) + energy.head(1);
    expect(joules / streamed).toBeGreaterThan(1);
    expect(joules / streamed).toBeLessThan(1.5);
  });

  it('grows with tokens by their products', () => {
    const macs = 8 * (4096 * (4096 + 2 * 1024) + 4096 * 4096 + 3 * 4096 * 14_336);
    const perToken = (energy.body(1800) - energy.body(1000)) / 800;
    expect(perToken / (macs * energyTable.macJoules.bf16)).toBeGreaterThan(1);
  });

  it.each(['base', 'burst'] as const)('from tables is within 1 %% of the tiler in %s mode', (mode) => {
    const direct = stepPricer(chip, model, mode, range).energy;
    const tables = stepOperators(chip, model, mode, range).energy;
    if (direct === null || tables === null) throw new Error('no energy');
    const cost = new MeasuredStepCost(tables, range.tokens, range.sequences);
    const random = new RandomStream(7, 0);
    const whole = (low: number, high: number) => low + Math.floor(random.uniform() * (high - low + 1));
    for (let n = 0; n < 40; n++) {
      const [decodes, context] = [whole(1, 200), whole(200, 7800)];
      const joules =
        direct.body(decodes) + direct.head(decodes) + direct.model.attentionCount * direct.decode(decodes, context);
      const work = { ...noWork(), tokens: decodes, sequences: decodes, decodes };
      const ours = cost.picoseconds({ ...work, decodeContext: decodes * context, longestContext: context }) / 1e12;
      expect(Math.abs(ours / joules - 1), `${decodes} sequences of ${context}`).toBeLessThan(0.01);
    }
  });
});

describe('the energy of a run', () => {
  const fixed = 2e12;
  const perContext = 1e9;
  const run = (staticWatts: number | null) => {
    const serve = tokenServe({ limits: { sequences: 1 } }, { arrivals: poisson(5) });
    const steps = serve.steps && { ...serve.steps, energy: { base: new LinearStepCost({ fixed, perContext }) } };
    const result = simulateRun(
      input({
        serves: [{ ...serve, ...(steps === undefined ? {} : { steps }) }],
        duration: { kind: 'requests', count: 400 },
        warmupFraction: 0,
        staticWatts,
      }),
    );
    if (result === undefined) throw new Error('cancelled');
    return result;
  };

  it('is that of its steps, and of the static power', () => {
    const { averageWatts, seconds, serves, wattsOverTime } = run(10);
    const [serve] = serves;
    const requests = serve?.counts.completed ?? 0;
    // 20 steps of 2 J, and 19 of them with a context of 101 to 119 tokens of 1 mJ each. The run may end in a request.
    const each = 20 * 2 + (19 * 110) / 1000;
    const dynamic = ((averageWatts ?? 0) - 10) * seconds;
    expect(dynamic / (requests * each)).toBeCloseTo(1, 1);
    expect(serve?.energyJoulesPerRequest).toBeCloseTo(((averageWatts ?? 0) * seconds) / requests, 9);
    const watts = [...(wattsOverTime?.values ?? [])];
    const slot = wattsOverTime?.slotSeconds ?? 0;
    const joules = watts.reduce((sum, one, n) => sum + one * Math.min(slot, seconds - n * slot), 0);
    expect(joules / seconds).toBeCloseTo(averageWatts ?? 0, 6);
  });

  it('is not known without static power', () => {
    expect(run(null)).toMatchObject({ averageWatts: null, serves: [{ energyJoulesPerRequest: null }] });
  });
});
