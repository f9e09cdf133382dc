import { ablationCost } from './ablation-cost.ts';
import { analyse, analyseMix } from './analysis.ts';
import { assumptions } from './assumptions.ts';
import { choices, defaultGuard, otherAssumptions } from './choices.ts';
import type { Findings } from './findings.ts';
import { confidenceTable } from './interval.ts';
import { policyLoad } from './sensitivity.ts';
import { nearIdeal } from './serving.ts';
import { seven } from './summary.ts';
import {
  ablation,
  loadTables,
  meanings,
  paperBesideOurs,
  policyTable,
  price,
  sameLoad,
  serviceTable,
  servingOf,
} from './tables.ts';
import { list, percent, three } from './text.ts';
import type { Effort, Traffic } from './traffic.ts';
import { trafficNames, verdict } from './verdict.ts';

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
    '`npm run reproduce` writes this page. It runs [the experiment](../scripts/reproduce/experiment.npu) and stores the results in [reproduction.json](reproduction.json). A test writes the page again from these results and repeats a sample of the runs. Every number comes from the simulator, and no assumption was chosen because of its result.',
    '',
    ...(effort === 1
      ? []
      : [
          `> **Shortened.** Each run has ${three(effort * 100)} % of the requests of the full experiment. The figures differ from those of the full experiment, and under bursty traffic they depend on a few bursts.`,
          '',
        ]),
    `Kal, Choi, Jeong, Yang and Ro, *A convertible neural processor supporting adaptive quantization for real-time neural networks* (Journal of Systems Architecture 145, 103025, 2023), report a speedup of 48.4 % and 41.4 % more load within the objectives, on average over seven networks, compared with a state-of-the-art NPU. The networks, objectives, quantization types, unit rates and switch costs are not public. This experiment uses the seven networks of MLPerf Inference with their server limits, ViT-B/16 in addition, and the mixes ${list(mixes.map((one) => one.name))}. It compares TPUv4i with Stimpack on TPUv4i.`,
    '',
    '## Comparison with the paper’s figures',
    '',
    meanings,
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
    ...choices(findings),
    '## Largest load within the objectives',
    '',
    `Each load is the largest one at which every objective is met at ${percent(findings.subjects[0]?.scenario.confidence ?? null, 0)} confidence, as \`stimpack capacity\` finds it. *on-chip at ${nearIdeal * 100} % accuracy*: the largest load at which no network’s served accuracy falls below ${nearIdeal * 100} % of base mode’s.`,
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
        confidenceTable(servingOf(findings, traffic), findings.subjects[0]?.scenario.confidence ?? Number.NaN),
      ].join('\n'),
    ),
    '## All schemes at TPUv4i’s largest load',
    '',
    'Mean latency, share of requests that ran in burst mode, energy per request. *late*: the scheme violates an objective at a smaller load. The mean would then depend on the length of the run.',
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
    '### Area and energy of each scheme',
    '',
    ...ablationCost(findings),
    '',
    '## Where burst mode helps most',
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
    `Guard and hold, at ${policyLoad} times TPUv4i’s largest load under bursty traffic. The plots show the share of requests in burst mode. The tables show the mean latency, the percentile divided by its limit (above 1: late), the share of requests in burst mode, and the accuracy as a share of base mode’s.`,
    '',
    image('sensitivity-guard.svg', 'Lines: share of burst requests against the guard'),
    '',
    policyTable(findings, 'guard'),
    '',
    ...defaultGuard(findings),
    image('sensitivity-hold.svg', 'Lines: share of burst requests against the hold'),
    '',
    policyTable(findings, 'hold'),
    '',
    ...otherAssumptions(findings),
    assumptions(findings, effort),
  ].join('\n')}`;
}
