import { analyse, analyseMix } from './analysis.ts';
import { assumptions } from './assumptions.ts';
import { type Capacity, resolution } from './capacity.ts';
import type { Findings } from './findings.ts';
import { accurateRatio, loadRatio } from './plots.ts';
import { guards, holds, policyLoad } from './sensitivity.ts';
import { nearIdeal, type ServingFindings } from './serving.ts';
import { type Scheme, schemeNames, schemes } from './subjects.ts';
import { measures, paperLoad, paperSpeedup, seven, spread } from './summary.ts';
import { surenessTable } from './sureness.ts';
import { factor, gain, list, milliseconds, nothing, percent, rps, table, three } from './text.ts';
import type { Effort, Traffic } from './traffic.ts';

const trafficNames: Readonly<Record<Traffic, string>> = { poisson: 'Poisson', bursty: 'bursty' };
const rivals = schemes.filter((scheme): scheme is Exclude<Scheme, 'tpuv4i'> => scheme !== 'tpuv4i');

/** The figures of the paper beside ours, with a row for each measure. */
export function paperBesideOurs(findings: Findings): string {
  return table(
    ['Stimpack (on-chip, conservative) over TPUv4i', 'paper', 'ours, mean', 'least', 'most', 'networks that lose'],
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
  if (names.length === 0) return 'none may burst always.';
  return `${list(names)} may burst always even so${names.includes('Dlrm') ? ' (Dlrm’s int8 accuracy is the rule’s bound itself, by assumption)' : ''}.`;
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
    `- **Speed of one request** (paper: ${gain(paperSpeedup)}). With both copies stored ${gain(stored.mean)} on average. Quantized on its way, at our rate of the unit, ${gain(first.mean)} for the first request, and ${first.losers.length} of ${seven.length} lose${first.losers.length > 0 ? ` (${list(first.losers)}: converting takes longer than computing)` : ''}; once the chip is in burst mode ${gain(steady.mean)}, and ${steady.losers.length} of ${seven.length} lose${steady.losers.length > 0 ? ` (${list(steady.losers)}: weights that stay outside CMEM pass the unit at every request)` : ''}. Which of the three the paper measures, and at what rate of the unit, it does not say.`,
    `- **Load within the objectives** (paper: ${gain(paperLoad)}). ${gain(loadPoisson.mean)} under Poisson and ${gain(loadBursty.mean)} under bursty traffic; ${loadPoisson.losers.length} and ${loadBursty.losers.length} of ${seven.length} lose. MLPerf’s limits are many times a request’s service time, so a chip may queue until it is almost always busy, and the largest load follows throughput in batches, where conversion is shared. The price is accuracy: of the networks that gain, ${bursts('poisson')} of the requests are in burst mode at that load under Poisson traffic, ${bursts('bursty')} under bursty traffic. Held to ${nearIdeal * 100} % of base mode’s accuracy, as MLPerf’s stricter rule has it, the gain is ${gain(nearPoisson.mean)} under Poisson and ${gain(nearBursty.mean)} under bursty traffic; ${alwaysAccurateWords(findings)}`,
    `- **Mean latency at the load that TPUv4i can carry** is better by ${gain(latencyPoisson.mean)} under Poisson and ${gain(latencyBursty.mean)} under bursty traffic on average: a conservative scheduler leaves most of such a load in base mode. ${worseLatencies(findings)}`,
  ].join('\n');
}

const schemeWords: Readonly<Record<Exclude<Scheme, 'tpuv4i'>, string>> = {
  'on-chip': 'on-chip quantization',
  'off-chip': 'off-chip quantization',
  stored: 'stored copies',
  always: 'burst mode always',
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
    : `Slower by more than 0.5 %, or late, are: ${all.join('; ')}. Second copies take the place of weights in CMEM also where nothing bursts.`;
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
    '# The paper’s experiment, done again',
    '',
    'Written by `npm run reproduce` from [the experiment](../scripts/reproduce/experiment.npu); a test fails when this page and the code disagree. Nothing here is typed in, and nothing was chosen because of what came out.',
    '',
    ...(effort === 1
      ? []
      : [
          `> **Shortened.** Each run has ${three(effort * 100)} % of the requests that the experiment’s runs have: these are not its figures, and under bursty traffic a few bursts decide them.`,
          '',
        ]),
    'Kal, Choi, Jeong, Yang and Ro, *A convertible neural processor supporting adaptive quantization for real-time neural networks* (Journal of Systems Architecture 145, 103025, 2023), report 48.4 % speedup and 41.4 % more load within the SLO, on average of seven networks, against a state-of-the-art NPU. Networks, SLOs, quantization types, unit rates and switch costs are not public. Here: the seven networks of MLPerf Inference with its server limits, ViT-B/16 beside them, and three mixes; TPUv4i against Stimpack on TPUv4i.',
    '',
    '## Beside the paper’s figures',
    '',
    paperBesideOurs(findings),
    '',
    `Means are over MLPerf’s seven (${seven.join(', ')}); each network stands below by itself.`,
    '',
    verdict(findings),
    '',
    '## One request',
    '',
    'Speed in burst mode, TPUv4i = 1, batch 1, alone on the chip. *first*: the chip was in base mode before. *steady*: in burst mode. *resident*: of the weights and tables, in CMEM.',
    '',
    serviceTable(findings),
    '',
    image('reproduction-service.svg', 'Bars: speed of one request in burst mode, by network and scheme'),
    '',
    '## Largest load within the objectives',
    '',
    `Loads are on one grid for all, each ${percent(resolution, 0)} above the one before. *on-chip at ${nearIdeal * 100} % accuracy*: the largest load at which no network’s served accuracy falls below ${nearIdeal * 100} % of base mode’s.`,
    '',
    ...traffics((traffic) =>
      [
        loadTables(findings, traffic),
        '',
        image(
          `reproduction-load-${traffic}.svg`,
          `Bars: largest load over TPUv4i’s, ${trafficNames[traffic]} arrivals`,
        ),
        '',
        'What that load costs: share of requests that burst mode touched, served accuracy over base mode’s (a mix: the worst network’s), energy per request.',
        '',
        price(findings, traffic),
        '',
        surenessTable(of(findings, traffic), findings.subjects[0]?.scenario.confidence ?? Number.NaN),
      ].join('\n'),
    ),
    '## Everyone at TPUv4i’s largest load',
    '',
    'Mean latency, share of requests that burst mode touched, energy per request. *late*: the scheme carries less than this load, and its queue may grow: a mean is then also a matter of how long the run is.',
    '',
    ...traffics((traffic) => sameLoad(findings, traffic)),
    '## Network by network',
    '',
    ...findings.alone.flatMap((subject) => [`**${subject.name}.** ${analyse(findings, subject)}`, '']),
    `The mixes (${list(mixes.map((one) => one.name))}) share CMEM: weights that have it to themselves above have part of it here.`,
    '',
    ...mixes.flatMap((subject) => [`**${subject.name}.** ${analyseMix(findings, subject)}`, '']),
    '## Which part of the idea brings what',
    '',
    '*stored / TPUv4i*: two multiplications per element and smaller weights, no conversion. *off-chip / stored*: fetching instead of keeping. *on-chip / off-chip*: quantizing instead of fetching. *always*, *oracle*: what another policy would carry.',
    '',
    ...traffics((traffic) => ablation(findings, traffic)),
    '## Where it pays, and where not',
    '',
    'Each alone, the rest as it is.',
    '',
    image('sensitivity-rate.svg', 'Lines: speed of the first burst request over the quantization unit’s rate'),
    '',
    image('sensitivity-cmem.svg', 'Lines: speed of a steady burst request over CMEM’s capacity'),
    '',
    image('sensitivity-hbm.svg', 'Lines: speed of a steady burst request over HBM’s bandwidth'),
    '',
    image('sensitivity-slo.svg', 'Lines: largest load over TPUv4i’s, as the limit tightens'),
    '',
    `Guard and hold, at ${policyLoad} times TPUv4i’s largest load under bursty traffic: how many requests burst, and below how near the percentile comes to its limit (above 1: late).`,
    '',
    image('sensitivity-guard.svg', 'Lines: share of burst requests over the guard'),
    '',
    policyTable(findings, 'guard'),
    '',
    image('sensitivity-hold.svg', 'Lines: share of burst requests over the hold'),
    '',
    policyTable(findings, 'hold'),
    '',
    assumptions(findings, effort),
  ].join('\n')}`;
}
