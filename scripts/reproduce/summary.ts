import type { Findings } from './findings.ts';
import { accurateRatio, loadRatio } from './plots.ts';
import { nearIdeal } from './serving.ts';
import type { Traffic } from './traffic.ts';

/** The paper's seven networks are not public. These are the ones of MLPerf Inference. ViT is reported in addition. */
export const seven = ['ResNet50', 'MobileNet', 'SsdResNet34', 'Gnmt', 'BertLarge', 'Dlrm', 'RnnT'] as const;

/** The averages that the paper reports, as factors. */
export const paperSpeedup = 1 + 48.4 / 100;
export const paperLoad = 1 + 41.4 / 100;

/** One measure over the seven networks, with the values that an average would hide. */
export interface Measure {
  readonly name: string;
  /** The value that the paper reports, as a factor; null if it reports none. */
  readonly paper: number | null;
  readonly values: readonly { readonly network: string; readonly factor: number | null }[];
}

export interface Spread {
  /** The arithmetic mean of the values that exist, as an average of speed-ups in per cent is arithmetic. */
  readonly mean: number;
  readonly least: { readonly network: string; readonly factor: number };
  readonly most: { readonly network: string; readonly factor: number };
  /** Networks that are slower than on TPUv4i, or have a smaller load. */
  readonly losers: readonly string[];
  readonly missing: readonly string[];
}

export function spread(measure: Measure): Spread {
  const known = measure.values.flatMap(({ network, factor }) => (factor === null ? [] : [{ network, factor }]));
  const [first] = known;
  if (first === undefined) throw new Error(`${measure.name} has no value at all`);
  return {
    mean: known.reduce((sum, one) => sum + one.factor, 0) / known.length,
    least: known.reduce((least, one) => (one.factor < least.factor ? one : least), first),
    most: known.reduce((most, one) => (one.factor > most.factor ? one : most), first),
    losers: known.filter((one) => one.factor < 1).map((one) => one.network),
    missing: measure.values.filter((one) => one.factor === null).map((one) => one.network),
  };
}

/** The mean latency of TPUv4i divided by that of a scheme, both at TPUv4i's largest load. */
function latencyRatio(findings: Findings, network: string, traffic: Traffic): number | null {
  const at = findings.serving.find((one) => one.subject === network && one.traffic === traffic)?.atBaseline;
  return at === undefined || at === null ? null : at.tpuv4i.meanSeconds / at['on-chip'].meanSeconds;
}

export function measures(findings: Findings): readonly Measure[] {
  const over = (name: string, paper: number | null, of: (network: string) => number | null): Measure => ({
    name,
    paper,
    values: seven.map((network) => ({ network, factor: of(network) })),
  });
  const service = (network: string, scheme: 'on-chip' | 'stored', part: 'first' | 'steady') => {
    const times = findings.service.get(network);
    return times === undefined ? null : times.tpuv4i.base.seconds / times[scheme][part].seconds;
  };
  return [
    over('speed of one request, first one after base mode', paperSpeedup, (one) => service(one, 'on-chip', 'first')),
    over('speed of one request, chip in burst mode before', paperSpeedup, (one) => service(one, 'on-chip', 'steady')),
    over('speed of one request, both copies stored', paperSpeedup, (one) => service(one, 'stored', 'first')),
    over('mean latency at TPUv4i’s largest load (TPUv4i’s divided by ours), Poisson', paperSpeedup, (one) =>
      latencyRatio(findings, one, 'poisson'),
    ),
    over('mean latency at TPUv4i’s largest load (TPUv4i’s divided by ours), bursty', paperSpeedup, (one) =>
      latencyRatio(findings, one, 'bursty'),
    ),
    over('largest load, Poisson', paperLoad, (one) => loadRatio(findings, one, 'poisson', 'on-chip')),
    over('largest load, bursty', paperLoad, (one) => loadRatio(findings, one, 'bursty', 'on-chip')),
    over(`largest load at ${nearIdeal * 100} % of the accuracy, Poisson`, paperLoad, (one) =>
      accurateRatio(findings, one, 'poisson'),
    ),
    over(`largest load at ${nearIdeal * 100} % of the accuracy, bursty`, paperLoad, (one) =>
      accurateRatio(findings, one, 'bursty'),
    ),
  ];
}
