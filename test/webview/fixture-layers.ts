import type { Bound, LayerCost, Mode, ModelCost } from '../../protocol/index.ts';

/** Shapes of ResNet-50's products: rows, reduction, outputs, and repetitions. The costs are rough and only need to look realistic. */
const stages: readonly (readonly [name: string, m: number, k: number, n: number])[] = [
  ['conv1', 12544, 147, 64],
  ...bottlenecks('conv2', 3, 3136, 64),
  ...bottlenecks('conv3', 4, 784, 128),
  ...bottlenecks('conv4', 6, 196, 256),
  ...bottlenecks('conv5', 3, 49, 512),
  ['fc', 1, 2048, 1000],
];

function bottlenecks(name: string, count: number, m: number, width: number): [string, number, number, number][] {
  return Array.from({ length: count }, (_, i) => i).flatMap((i) => [
    [`${name}_${i + 1}a`, m, i === 0 ? width * 2 : width * 4, width] as [string, number, number, number],
    [`${name}_${i + 1}b`, m, width * 9, width] as [string, number, number, number],
    [`${name}_${i + 1}c`, m, width, width * 4] as [string, number, number, number],
  ]);
}

const clockHertz = 1.05e9;
const arrayMacsPerCycle = 4 * 128 * 128;
const hbmBytesPerCycle = 614e9 / clockHertz;

export function fixtureCost(model: string, npu: string, mode: Mode, streams: boolean): ModelCost {
  const layers = stages.map(([layer, m, k, n], index): LayerCost => {
    const rows = mode === 'burst' ? 256 : 128;
    const macs = m * k * n;
    const computeCycles = Math.ceil((Math.ceil(k / rows) * Math.ceil(n / 128) * Math.max(m, 128)) / 4) + 256;
    const weightBytes = k * n * (mode === 'burst' ? 1 : 2);
    const hbmBytes = streams || index % 9 === 4 ? weightBytes : 0;
    const hbmCycles = Math.ceil(hbmBytes / hbmBytesPerCycle);
    const quantizeCycles = mode === 'burst' ? Math.ceil((k * n) / 1024) : 0;
    const vectorCycles = Math.ceil((m * n) / 2048);
    const candidates: readonly (readonly [Bound, number])[] = [
      ['compute', computeCycles],
      ['vector', vectorCycles],
      ['hbm', hbmCycles],
      ['quantizer', quantizeCycles],
    ];
    const [bound, cycles] = candidates.reduce((slowest, next) => (next[1] > slowest[1] ? next : slowest));
    const peak = arrayMacsPerCycle * (mode === 'burst' ? 2 : 1);
    return {
      layer,
      origin: { uri: 'file:///rush.npu', start: index, end: index + 1 },
      kind: layer === 'fc' ? 'dense' : 'conv',
      m,
      n,
      k,
      groups: 1,
      macs,
      parameters: k * n,
      computeCycles,
      vectorCycles,
      memoryCycles: hbmCycles,
      hbmCycles,
      quantizeCycles,
      cycles,
      bound,
      runnerUp: null,
      gain: null,
      utilization: macs / (peak * cycles),
      hbmBytes,
      cmemBytes: weightBytes,
      vmemBytes: (m * k + m * n) * 2,
      weightBytes,
      resident: hbmBytes === 0,
      residentShare: hbmBytes === 0 ? 1 : 0,
      prefetchedBytes: 0,
      operationalIntensity: hbmBytes === 0 ? Number.POSITIVE_INFINITY : macs / hbmBytes,
      explanation: `${layer} is bound by ${bound}: ${cycles} cycles.`,
      energyJoules: macs * 0.3e-12,
    };
  });
  const cycles = layers.reduce((sum, layer) => sum + layer.cycles, 0);
  return {
    model,
    npu,
    mode,
    batch: 1,
    parts: [1],
    layers,
    cycles,
    seconds: cycles / clockHertz,
    ridgeMacsPerHbmByte: (arrayMacsPerCycle * (mode === 'burst' ? 2 : 1)) / hbmBytesPerCycle,
    macs: layers.reduce((sum, layer) => sum + layer.macs, 0),
    parameters: layers.reduce((sum, layer) => sum + layer.parameters, 0),
    energyJoules: layers.reduce((sum, layer) => sum + (layer.energyJoules ?? 0), 0),
  };
}
