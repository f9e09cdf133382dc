import { describe, expect, test } from 'vitest';
import { histogramBins } from '../../../cli/render/latency-bins.ts';
import { renderLayersReport } from '../../../cli/render/layers-report.ts';
import { renderProgress } from '../../../cli/render/progress.ts';
import { renderRunReport } from '../../../cli/render/run-report/index.ts';
import { textWidth } from '../../../cli/render/text-width.ts';
import type { BurstGain, ModelCost } from '../../../design/index.ts';
import { modelCost, pipe, runOf, scenarioResult, serveOf, terminalOf } from '../hand-made.ts';

/** Block elements, and the control characters of a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the test checks that there are none
const forEyesOnly = /[\u2580-\u259f\u001b\r]/;

describe('the report of a run', () => {
  test('in a pipe, it has no colour and no plots', () => {
    const text = renderRunReport(scenarioResult(), pipe);
    expect(text).not.toMatch(forEyesOnly);
    expect(text).toContain(
      'p99 latency <= 15 ms  ✗ violated   15.8 ms  5.3 % above           15.5 ms to 16.1 ms (99 %)\n',
    );
    expect(text).toContain('accuracy >= 76.3 %    ✓ met        76.41 %  0.11 points to spare\n');
    expect(text).toContain('2 objectives: 1 violated, 1 met\n');
  });

  test('on a terminal, it has the distribution with the limit, and shares with a legend', () => {
    const text = renderRunReport(scenarioResult(), terminalOf(100));
    expect(text).toMatch(/12\.5 – 15 ms █▌ 1\.7 % {2}◂ limit 15 ms/);
    expect(text).toMatch(/█+▓+▒+╳·+\n/);
    expect(text).toContain('█ base 56 %  ▓ burst 18 %');
  });

  const widths = [40, 52, 64, 80, 100, 300];
  test.each(widths)('fits %i columns', (width) => {
    const several = {
      ...scenarioResult(),
      main: runOf('Rush', [serveOf('A', 'met', 0.01), serveOf('B', 'undecided', 0.015)], 2),
    };
    for (const result of [scenarioResult(), several]) {
      for (const line of renderRunReport(result, terminalOf(width)).split('\n')) {
        expect(textWidth(line), line).toBeLessThanOrEqual(width);
      }
    }
  });

  test('costs and savings of burst mode over time: one line each, from the minimum to the maximum', () => {
    const whole = scenarioResult();
    const slots = (values: readonly number[]) => ({
      slotSeconds: whole.main.seconds / 4,
      values: new Float64Array(values),
    });
    const serves = whole.main.serves.map((serve) => ({
      ...serve,
      accuracyOverTime: slots([0.7646, 0.7629, Number.NaN, 0.7646]),
    }));
    const moving = { ...whole, main: { ...whole.main, serves, wattsOverTime: slots([100, 80, 80, 90]) } };
    const text = renderRunReport(moving, terminalOf(100));
    expect(text).toMatch(/accuracy .*▇+▁+ +▇+.* 76\.29 % to 76\.46 %/);
    expect(text).toMatch(/▇+▁+▄+.*\n.*power over the run, 80 W to 100 W/);
    // A pipe gets no plots. A constant value has no plot.
    expect(renderRunReport(moving, pipe)).not.toContain('power over the run');
    const still = { ...whole, main: { ...whole.main, wattsOverTime: slots([90, 90, 90, 90]) } };
    expect(renderRunReport(still, terminalOf(100))).not.toContain('power over the run');
  });

  test('a measured value that misses its limit by little is shown with more digits than the limit', () => {
    const text = renderRunReport(scenarioResult('violated', 0.0150021), pipe);
    expect(text).toContain('15.002 ms');
  });

  test('a value that was not measured is a dash, and not NaN', () => {
    const { main } = scenarioResult();
    const silent = serveOf('ResNet50', 'undecided', Number.NaN);
    const empty = { seconds: new Float64Array(0), fraction: new Float64Array(0) };
    const nothing = { mean: NaN, p50: NaN, p90: NaN, p95: NaN, p99: NaN, p999: NaN, max: NaN, relativeError: 0.004 };
    const serve = {
      ...silent,
      distribution: empty,
      latency: nothing,
      completedRps: 0,
      meanBatch: NaN,
      burstShare: NaN,
    };
    const result = { ...scenarioResult(), main: { ...main, serves: [serve] } };
    expect(renderRunReport(result, terminalOf(100))).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('the plot of latencies', () => {
  const steps = (...points: readonly (readonly [seconds: number, fraction: number])[]) => ({
    seconds: Float64Array.from(points.map(([seconds]) => seconds)),
    fraction: Float64Array.from(points.map(([, fraction]) => fraction)),
  });

  test('each request is in exactly one bin', () => {
    for (const limit of [null, 0.015, 0.03, 10]) {
      const bins = histogramBins(scenarioResult().main.serves[0]?.distribution ?? steps(), limit);
      expect(bins.reduce((sum, bin) => sum + bin.fraction, 0)).toBeCloseTo(1, 9);
      expect(bins.length).toBeLessThanOrEqual(16);
    }
  });

  test.each([
    ['nothing', steps(), 0],
    ['one latency', steps([0.005, 1]), 1],
  ])('%s', (_, distribution, most) => {
    const bins = histogramBins(distribution, 0.015);
    expect(bins.filter((bin) => bin.fraction > 0).length).toBe(most);
  });
});

describe('the report of layers', () => {
  test('in a pipe', () => {
    expect(renderLayersReport(modelCost, pipe)).toBe(
      [
        'ResNet50 on Stimpack',
        '  base mode, batch 1, steady state',
        '',
        '  layer                kind  M x K x N               MACs  params  compute  vector  memory  cycles  bound    over next   util   MACs/B',
        '  conv1                conv  12544 x 147 x 64       118 M  9.47 k    6,272     392   1,204   6,272  compute  5.20x cmem  29 %  on chip',
        '  pool1                pool                                              0     392   1,204     784  vector   5.20x cmem',
        '  stage2.block1.conv1  conv  12544 x 147 x 64 (32)  118 M  9.47 k    3,136     392   1,204   3,136  hbm      alone       29 %     12.5',
        '',
        '  total                                             236 M  18.9 k    9,408   1,176   3,612  10,192                       26 %',
        '  1 more layer is part of these and needs no further cycles; --format csv lists them',
        '',
        '9.7 µs a batch, 103,093 inferences/s, 300 µJ a batch',
        '',
        '  bound by  layers  cycles  share',
        '  compute        1   6,272   62 %',
        '  hbm            1   3,136   31 %',
        '  vector         1     784  7.7 %',
        '',
        "  roofline: HBM meets the arrays' peak at 112 MACs per byte; of the layers with products, 1 below the ridge (31 % of the cycles), 1 on chip alone (62 % of the cycles)",
        '',
      ].join('\n'),
    );
  });

  const gains: readonly BurstGain[] = [
    { factor: 2, limit: null, reason: '' },
    { factor: 1, limit: 'no-products', reason: 'no products to pack' },
    { factor: 1.5, limit: 'stage', reason: 'HBM is the bottleneck' },
  ];
  let at = 0;
  /** The same as `modelCost`. Each layer that needs time has the next gain of `gains`. */
  const burstCost: ModelCost = {
    ...modelCost,
    mode: 'burst',
    layers: modelCost.layers.map((layer) => ({ ...layer, gain: layer.cycles === 0 ? null : (gains[at++] ?? null) })),
  };

  test('in burst mode, it shows the gain of each layer, and why the whole network gains less than two', () => {
    const text = renderLayersReport(burstCost, pipe);
    expect(text).not.toMatch(forEyesOnly);
    for (const line of [
      // Base mode: 6272 * 2 + 784 + 3136 * 1.5 cycles. Burst mode: 10192 cycles.
      '  burst takes 9.7 µs, base 17.2 µs: a gain of 1.77x',
      '  lost to      layers  cycles above half  share  because',
      '  other stage       1                784   67 %  another stage than the arrays bounds the layer',
      '  no products       1                392   33 %  there are no products to pack',
    ])
      expect(text.split('\n')).toContain(line);
    expect(text).toMatch(/^ {2}conv1 .* 2\.00x$/m);
    expect(text).toMatch(/^ {2}stage2\.block1\.conv1 .* 1\.50x {2}other stage$/m);
  });

  test.each([40, 60, 80, 120, 200])('fits %i columns and lists the columns that had no room', (width) => {
    const text = renderLayersReport(modelCost, terminalOf(width));
    for (const line of renderLayersReport(burstCost, terminalOf(width)).split('\n'))
      expect(textWidth(line), line).toBeLessThanOrEqual(width);
    for (const line of text.split('\n')) expect(textWidth(line), line).toBeLessThanOrEqual(width);
    expect(text.includes('no room for')).toBe(width < 140);
  });
});

test('the progress bar has a constant length', () => {
  const lines = [0, 0.004, 0.34, 1].map((fraction) => renderProgress('Rush', fraction, terminalOf(80)));
  expect(new Set(lines.map(textWidth)).size).toBe(1);
  expect(lines[2]).toBe('Rush  ████████▏                 34 %');
});
