import { analyse, analyseMix } from './analysis.ts';
import { assumptions } from './assumptions.ts';
import { type Capacity, resolution } from './capacity.ts';
import type { Findings } from './findings.ts';
import { confidenceTable } from './interval.ts';
import { accurateRatio, loadRatio } from './plots.ts';
import { guards, holds, policyLoad } from './sensitivity.ts';
import { nearIdeal, type ServingFindings } from './serving.ts';
import { type Scheme, schemeNames, schemes } from './subjects.ts';
import { measures, paperLoad, paperSpeedup, seven, spread } from './summary.ts';
import { factor, gain, list, milliseconds, nothing, percent, rps, table, three } from './text.ts';
import type { Effort, Traffic } from './traffic.ts';

const trafficNames: Readonly<Record<Traffic, string>> = { poisson: 'Poisson', bursty: 'bursty' };
const rivals = schemes.filter((scheme): scheme is Exclude<Scheme, 'tpuv4i'> => scheme !== 'tpuv4i');

/** The figures of the paper beside ours, with a row for each measure. */
export function paperBesideOurs(findings: Findings): string {
  return table(
    ['Stimpack (on-chip, conservative) over TPUv4i', 'paper', 'ours, mean', 'least', 'most', 'worse than TPUv4i'],
    measures(findings).map((measure) => {
      const { mean, least, most, losers, missing } = spread(measure);
      const lost = [...losers, ...missing.map((name) => `${name} (no load)`)];
      return [
        measure.name,
        measure.paper === null ? nothing : gain(measure.paper),
        gain(mean),
        `${gain(least.factor)} ${least.network}`,
        `${gain(most.factor)} ${most.network}`,
        lost.length === 0 ? 'none' : lost.join(', '),
      ];
    }),
  );
}

/** The networks of the seven whose quantized accuracy is high enough to serve every request in burst mode. */
function alwaysAccurate(findings: Findings): readonly string[] {
  return findings.alone.flatMap(({ name, scenario }) => {
    const { bf16, int8 } = scenario.serves[0]?.model.accuracy?.byPrecision ?? {};
    const counts = seven.some((one) => one === name);
    return counts && bf16 !== undefined && int8 !== undefined && int8 >= nearIdeal * bf16 ? [name] : [];
  });
}

function alwaysAccurateWords(findings: Findings): string {
  const names = alwaysAccurate(findings);
  if (names.length === 0) return 'no network reaches this accuracy if every request runs in burst mode.';
  return `${list(names)} ${names.length === 1 ? 'reaches' : 'reach'} this accuracy even if every request runs in burst mode${names.includes('Dlrm') ? ' (we assume that Dlrm’s int8 accuracy equals the bound of the rule)' : ''}.`;
}

/** A sentence about the two figures that changes with the numbers. */
function verdict(findings: Findings): string {
  const all = measures(findings);
  const [first, steady, stored, latencyPoisson, latencyBursty, loadPoisson, loadBursty, nearPoisson, nearBursty] =
    all.map(spread);
  if (!first || !steady || !stored || !latencyPoisson || !latencyBursty) return '';
  if (!loadPoisson || !loadBursty || !nearPoisson || !nearBursty) return '';
  const bursts = (traffic: Traffic) => {
    const shares = seven.flatMap((name) => {
      const found = findings.serving.find((one) => one.subject === name && one.traffic === traffic);
      const ratio = loadRatio(findings, name, traffic, 'on-chip');
      // Only networks that gain. A network that cannot use burst mode does not show the cost of a gain.
      return found?.capacity['on-chip'].at && ratio !== null && ratio > 1.05
        ? [found.capacity['on-chip'].at.burstShare]
        : [];
    });
    return `${percent(Math.min(...shares), 0)} to ${percent(Math.max(...shares), 0)}`;
  };
  return [
    `- **Speed of one request** (paper: ${gain(paperSpeedup)}). With both copies stored, the average is ${gain(stored.mean)}. With on-chip quantization at our rate of the unit, the average is ${gain(first.mean)} for the first request after base mode, and ${first.losers.length} of ${seven.length} networks are slower than on TPUv4i${first.losers.length > 0 ? ` (${list(first.losers)}: converting the weights takes longer than computing)` : ''}. Once the chip is in burst mode, the average is ${gain(steady.mean)}, and ${steady.losers.length} of ${seven.length} networks are slower${steady.losers.length > 0 ? ` (${list(steady.losers)}: the unit converts weights outside CMEM again for every request)` : ''}. The paper does not state which of the three it measures, or at what rate of the unit.`,
    `- **Load within the objectives** (paper: ${gain(paperLoad)}). The average is ${gain(loadPoisson.mean)} under Poisson traffic and ${gain(loadBursty.mean)} under bursty traffic. The load is smaller than TPUv4i’s for ${loadPoisson.losers.length} and ${loadBursty.losers.length} of ${seven.length} networks. MLPerf’s limits are many times the service time of a request. So a queue may grow until the chip is almost always busy, and the largest load follows the throughput with batches, which share the conversion. The price is accuracy: among the networks that gain, ${bursts('poisson')} of the requests run in burst mode at that load under Poisson traffic, and ${bursts('bursty')} under bursty traffic. If the accuracy must be at least ${nearIdeal * 100} % of base mode’s, as MLPerf’s stricter rule requires, the gain is ${gain(nearPoisson.mean)} under Poisson traffic and ${gain(nearBursty.mean)} under bursty traffic; ${alwaysAccurateWords(findings)}`,
    `- **Mean latency at TPUv4i’s largest load**. The average speed-up is ${gain(latencyPoisson.mean)} under Poisson traffic and ${gain(latencyBursty.mean)} under bursty traffic, because a conservative scheduler serves most of this load in base mode. ${worseLatencies(findings)}`,
  ].join('\n');
}

const schemeWords: Readonly<Record<Exclude<Scheme, 'tpuv4i'>, string>> = {
  'on-chip': 'on-chip quantization',
  'off-chip': 'off-chip quantization',
  stored: 'stored copies',
  always: 'burst mode only',
  oracle: 'the oracle',
};

/**
 * One sentence with every network, mix and scheme whose mean latency is worse than TPUv4i's at TPUv4i's largest load.
 */
function worseLatencies(findings: Findings): string {
  const ofTraffic = (traffic: Traffic): string[] =>
    rivals.flatMap((scheme) => {
      const worse = of(findings, traffic).flatMap(({ subject, atBaseline }) => {
        if (atBaseline === null) return [];
        const [theirs, ours] = [atBaseline.tpuv4i, atBaseline[scheme]];
        if (ours === 'late') return [`${subject} (late)`];
        const by = ours.meanSeconds / theirs.meanSeconds;
        const late = ours.worst > 1 ? ' (late)' : '';
        return by > 1.005 || late ? [`${subject} by ${percent(by - 1, 0)}${late}`] : [];
      });
      return worse.length === 0 ? [] : [`${list(worse)} with ${schemeWords[scheme]} (${trafficNames[traffic]})`];
    });
  const all = [...ofTraffic('poisson'), ...ofTraffic('bursty')];
  return all.length === 0
    ? 'No network is slower by more than 0.5 %.'
    : `Slower by more than 0.5 %, or late, are: ${all.join('; ')}. Second copies take space in CMEM from other weights, even if no request runs in burst mode.`;
}

function serviceTable(findings: Findings): string {
  return table(
    [
      'network',
      'TPUv4i, ms',
      'resident',
      'on-chip, first',
      'on-chip, steady',
      'off-chip, first',
      'off-chip, steady',
      'stored',
    ],
    findings.alone.map(({ name }) => {
      const times = findings.service.get(name);
      if (times === undefined) throw new Error(`${name} was not priced`);
      const base = times.tpuv4i.base.seconds;
      const over = (scheme: 'on-chip' | 'off-chip' | 'stored', part: 'first' | 'steady') =>
        factor(base / times[scheme][part].seconds);
      return [
        name,
        milliseconds(base),
        percent(times['on-chip'].residentFraction, times['on-chip'].residentFraction < 0.01 ? 2 : 0),
        over('on-chip', 'first'),
        over('on-chip', 'steady'),
        over('off-chip', 'first'),
        over('off-chip', 'steady'),
        over('stored', 'first'),
      ];
    }),
  );
}

const of = (findings: Findings, traffic: Traffic): readonly ServingFindings[] =>
  findings.serving.filter((one) => one.traffic === traffic);

function loadTables(findings: Findings, traffic: Traffic): string {
  const accurate = `on-chip at ${nearIdeal * 100} % accuracy`;
  const load = (capacity: Capacity) => (capacity.at === null ? 'none' : rps(capacity.at.rps));
  const loads = of(findings, traffic).map((found) => [
    found.subject,
    ...schemes.map((scheme) => load(found.capacity[scheme])),
    load(found.accurate),
  ]);
  const ratios = of(findings, traffic).map((found) => [
    found.subject,
    ...rivals.map((scheme) => factor(loadRatio(findings, found.subject, traffic, scheme))),
    factor(accurateRatio(findings, found.subject, traffic)),
  ]);
  return [
    table(['requests/s', ...schemes.map((scheme) => schemeNames[scheme]), accurate], loads),
    '',
    table(['over TPUv4i', ...rivals.map((scheme) => schemeNames[scheme]), accurate], ratios),
  ].join('\n');
}

function price(findings: Findings, traffic: Traffic): string {
  return table(
    ['at its own largest load', ...rivals.map((scheme) => `${schemeNames[scheme]}: burst, accuracy, mJ`)],
    of(findings, traffic).map((found) => [
      found.subject,
      ...rivals.map((scheme) => {
        const { at } = found.capacity[scheme];
        if (at === null) return 'none';
        const joules = at.joulesPerRequest === null ? nothing : three(at.joulesPerRequest * 1000);
        return `${percent(at.burstShare, 0)}, ${percent(at.accuracy, 2)}, ${joules}`;
      }),
    ]),
  );
}

function sameLoad(findings: Findings, traffic: Traffic): string {
  return table(
    [
      'at TPUv4i’s largest load',
      'requests/s',
      ...schemes.map((scheme) => `${schemeNames[scheme]}: mean ms, burst, mJ`),
    ],
    of(findings, traffic).map((found) => {
      const { atBaseline } = found;
      return [
        found.subject,
        rps(found.capacity.tpuv4i.at?.rps ?? 0),
        ...schemes.map((scheme) => {
          const probe = atBaseline?.[scheme];
          if (probe === undefined || probe === 'late') return probe ?? 'none';
          const joules = probe.joulesPerRequest === null ? nothing : three(probe.joulesPerRequest * 1000);
          return `${milliseconds(probe.meanSeconds)}${probe.worst > 1 ? ' (late)' : ''}, ${percent(probe.burstShare, 0)}, ${joules}`;
        }),
      ];
    }),
  );
}

/** The gain in the largest load from each part of the idea, as factors whose product is the whole gain. */
function ablation(findings: Findings, traffic: Traffic): string {
  const rows = of(findings, traffic).map(({ subject }) => {
    const ratio = (scheme: Scheme) => loadRatio(findings, subject, traffic, scheme);
    const [stored, off, on, always, oracle] = [
      ratio('stored'),
      ratio('off-chip'),
      ratio('on-chip'),
      ratio('always'),
      ratio('oracle'),
    ];
    const over = (a: number | null, b: number | null) => factor(a === null || b === null ? null : a / b);
    return [subject, factor(stored), over(off, stored), over(on, off), factor(on), over(always, on), over(oracle, on)];
  });
  return table(
    [
      'largest load',
      'stored / TPUv4i',
      'off-chip / stored',
      'on-chip / off-chip',
      '= on-chip / TPUv4i',
      'always / on-chip',
      'oracle / on-chip',
    ],
    rows,
  );
}

function policyTable(findings: Findings, what: 'guard' | 'hold'): string {
  const ticks =
    what === 'guard'
      ? guards.map((one) => `${Math.round(one * 100)} %`)
      : holds.map((one) => `${three(one * 1000)} ms`);
  return table(
    [`${what}: percentile over limit`, ...ticks],
    findings.policy.map((one) => [one.subject, ...one.worst[what].y.map(factor)]),
  );
}

const image = (file: string, text: string): string => `![${text}](images/${file})`;

/** The whole text of docs/reproduction.md. */
export function page(findings: Findings, effort: Effort): string {
  const mixes = findings.subjects.filter((one) => one.scenario.serves.length > 1);
  const traffics = (section: (traffic: Traffic) => string) =>
    (['poisson', 'bursty'] as const).flatMap((traffic) => [
      `### ${trafficNames[traffic] === 'Poisson' ? 'Poisson arrivals' : 'Bursty arrivals'}`,
      '',
      section(traffic),
      '',
    ]);
  return `${[
    '# The paper’s experiment, repeated',
    '',
    'Written by `npm run reproduce` from [the experiment](../scripts/reproduce/experiment.npu); a test fails if this page and the code disagree. Every number comes from the simulator, and no assumption was chosen because of its result.',
    '',
    ...(effort === 1
      ? []
      : [
          `> **Shortened.** Each run has ${three(effort * 100)} % of the requests of the full experiment. The figures differ from those of the full experiment, and under bursty traffic they depend on a few bursts.`,
          '',
        ]),
    'Kal, Choi, Jeong, Yang and Ro, *A convertible neural processor supporting adaptive quantization for real-time neural networks* (Journal of Systems Architecture 145, 103025, 2023), report a speedup of 48.4 % and 41.4 % more load within the objectives, on average over seven networks, compared with a state-of-the-art NPU. The networks, objectives, quantization types, unit rates and switch costs are not public. This experiment uses the seven networks of MLPerf Inference with their server limits, ViT-B/16 in addition, and three mixes. It compares TPUv4i with Stimpack on TPUv4i.',
    '',
    '## Comparison with the paper’s figures',
    '',
    paperBesideOurs(findings),
    '',
    `Means are over MLPerf’s seven networks (${seven.join(', ')}). The sections below show each network.`,
    '',
    verdict(findings),
    '',
    '## One request',
    '',
    'Speed in burst mode at batch 1, alone on the chip, with TPUv4i = 1. *first*: the chip was in base mode before. *steady*: the chip was in burst mode before. *resident*: the share of the weights and tables that is in CMEM.',
    '',
    serviceTable(findings),
    '',
    image('reproduction-service.svg', 'Bars: speed of one request in burst mode, by network and scheme'),
    '',
    '## Largest load within the objectives',
    '',
    `All schemes use the same grid of loads, in steps of ${percent(resolution, 0)}. *on-chip at ${nearIdeal * 100} % accuracy*: the largest load at which no network’s served accuracy falls below ${nearIdeal * 100} % of base mode’s.`,
    '',
    ...traffics((traffic) =>
      [
        loadTables(findings, traffic),
        '',
        image(
          `reproduction-load-${traffic}.svg`,
          `Bars: largest load divided by TPUv4i’s, ${trafficNames[traffic]} arrivals`,
        ),
        '',
        'The cost of that load: the share of requests that ran in burst mode, the served accuracy as a share of base mode’s (for a mix, of its worst network), and the energy per request.',
        '',
        price(findings, traffic),
        '',
        confidenceTable(of(findings, traffic), findings.subjects[0]?.scenario.confidence ?? Number.NaN),
      ].join('\n'),
    ),
    '## All schemes at TPUv4i’s largest load',
    '',
    'Mean latency, share of requests that ran in burst mode, energy per request. *late*: the largest load of the scheme is below this load, and its queue may grow. The mean then also depends on the length of the run.',
    '',
    ...traffics((traffic) => sameLoad(findings, traffic)),
    '## Network by network',
    '',
    ...findings.alone.flatMap((subject) => [`**${subject.name}.** ${analyse(findings, subject)}`, '']),
    `The mixes (${list(mixes.map((one) => one.name))}) share CMEM, so each network has only a part of it.`,
    '',
    ...mixes.flatMap((subject) => [`**${subject.name}.** ${analyseMix(findings, subject)}`, '']),
    '## The gain from each part of the idea',
    '',
    '*stored / TPUv4i*: two multiplications per element and smaller weights, without conversion. *off-chip / stored*: fetching the second copy instead of storing it. *on-chip / off-chip*: quantizing instead of fetching. *always*, *oracle*: the largest load of another policy.',
    '',
    ...traffics((traffic) => ablation(findings, traffic)),
    '## Where the idea pays',
    '',
    'Each plot changes one property. The others keep their values.',
    '',
    image('sensitivity-rate.svg', 'Lines: speed of the first burst request against the quantization unit’s rate'),
    '',
    image('sensitivity-cmem.svg', 'Lines: speed of a steady burst request against CMEM’s capacity'),
    '',
    image('sensitivity-hbm.svg', 'Lines: speed of a steady burst request against HBM’s bandwidth'),
    '',
    image('sensitivity-slo.svg', 'Lines: largest load divided by TPUv4i’s, as the limit tightens'),
    '',
    `Guard and hold, at ${policyLoad} times TPUv4i’s largest load under bursty traffic. The plots show the share of requests in burst mode. The tables show the percentile divided by its limit (above 1: late).`,
    '',
    image('sensitivity-guard.svg', 'Lines: share of burst requests against the guard'),
    '',
    policyTable(findings, 'guard'),
    '',
    image('sensitivity-hold.svg', 'Lines: share of burst requests against the hold'),
    '',
    policyTable(findings, 'hold'),
    '',
    assumptions(findings, effort),
  ].join('\n')}`;
}
