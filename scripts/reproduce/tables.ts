import type { Findings } from './findings.ts';
import { accurateRatio, loadRatio } from './plots.ts';
import { guards, holds } from './sensitivity.ts';
import { nearIdeal, type ServingFindings } from './serving.ts';
import type { StatedLoad } from './stated-load.ts';
import { type Scheme, schemeNames, schemes } from './subjects.ts';
import { measures, spread } from './summary.ts';
import { factor, gain, milliseconds, nothing, percent, rps, table, three } from './text.ts';
import type { Traffic } from './traffic.ts';

/** The schemes that are compared with TPUv4i. */
export const rivals = schemes.filter((scheme): scheme is Exclude<Scheme, 'tpuv4i'> => scheme !== 'tpuv4i');

/** The results of all subjects under one kind of traffic. */
export const servingOf = (findings: Findings, traffic: Traffic): readonly ServingFindings[] =>
  findings.serving.filter((one) => one.traffic === traffic);

/** The figures of the paper beside ours, with a row for each measure. */
export function paperBesideOurs(findings: Findings): string {
  return table(
    [
      'Stimpack (on-chip, conservative) compared with TPUv4i',
      'paper',
      'ours, mean',
      'least',
      'most',
      'worse than TPUv4i',
    ],
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

/** What each row of `paperBesideOurs` means, one sentence each. The paper does not state which of them its figures are. */
export const meanings = [
  'Each row divides a figure of one chip by the same figure of the other, for each network alone. The columns show the mean, the least and the most of the seven networks. The paper does not say how its averages were computed, so each possible meaning has a row:',
  '',
  '- *Speed of one request, first one after base mode*: a request at an idle chip whose weights are still in bf16, so their conversion counts.',
  '- *Speed of one request, chip in burst mode before*: the weights that fit into CMEM are int8 already, so only the others are converted.',
  '- *Speed of one request, both copies stored*: no request needs a conversion.',
  '- *Mean latency at TPUv4i’s largest load*: both chips serve the largest load of TPUv4i. The latency includes the time in the queue. A conservative scheduler uses burst mode for few of these requests.',
  '- *Largest load*: the most requests per second at which the objective is met, with the best batch of each chip.',
  `- *Largest load at ${nearIdeal * 100} % of the accuracy*: the same, while the served accuracy stays within MLPerf’s stricter rule.`,
].join('\n');

/** The speed of one request on each chip, with a row for each network. */
export function serviceTable(findings: Findings): string {
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

/** The largest load of each scheme, in requests per second and divided by TPUv4i's. */
export function loadTables(findings: Findings, traffic: Traffic): string {
  const accurate = `on-chip at ${nearIdeal * 100} % accuracy`;
  const load = ({ metRps }: StatedLoad) => (metRps === null ? 'none' : rps(metRps));
  const loads = servingOf(findings, traffic).map((found) => [
    found.subject,
    ...schemes.map((scheme) => load(found.load[scheme])),
    load(found.accurate),
  ]);
  const ratios = servingOf(findings, traffic).map((found) => [
    found.subject,
    ...rivals.map((scheme) => factor(loadRatio(findings, found.subject, traffic, scheme))),
    factor(accurateRatio(findings, found.subject, traffic)),
  ]);
  return [
    table(['requests/s', ...schemes.map((scheme) => schemeNames[scheme]), accurate], loads),
    '',
    table(['divided by TPUv4i’s', ...rivals.map((scheme) => schemeNames[scheme]), accurate], ratios),
  ].join('\n');
}

/** The cost of each scheme at its own largest load. */
export function price(findings: Findings, traffic: Traffic): string {
  return table(
    ['at its own largest load', ...rivals.map((scheme) => `${schemeNames[scheme]}: burst, accuracy, mJ`)],
    servingOf(findings, traffic).map((found) => [
      found.subject,
      ...rivals.map((scheme) => {
        const { at } = found.load[scheme];
        if (at === null) return 'none';
        const joules = at.joulesPerRequest === null ? nothing : three(at.joulesPerRequest * 1000);
        return `${percent(at.burstShare, 0)}, ${percent(at.accuracy, 2)}, ${joules}`;
      }),
    ]),
  );
}

/** Every scheme at TPUv4i's largest load. */
export function sameLoad(findings: Findings, traffic: Traffic): string {
  return table(
    [
      'at TPUv4i’s largest load',
      'requests/s',
      ...schemes.map((scheme) => `${schemeNames[scheme]}: mean ms, burst, mJ`),
    ],
    servingOf(findings, traffic).map((found) => {
      const { atBaseline } = found;
      return [
        found.subject,
        rps(found.load.tpuv4i.at?.rps ?? 0),
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
export function ablation(findings: Findings, traffic: Traffic): string {
  const rows = servingOf(findings, traffic).map(({ subject }) => {
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

/** Costs and benefits of the guard or the hold of the scheduler. */
export function policyTable(findings: Findings, what: 'guard' | 'hold'): string {
  const ticks =
    what === 'guard'
      ? guards.map((one) => `${Math.round(one * 100)} %`)
      : holds.map((one) => `${three(one * 1000)} ms`);
  return table(
    [`${what}: mean ms, p99 / limit, burst, accuracy`, ...ticks],
    findings.policy.map((one) => [
      one.subject,
      ...one[what].map((run) =>
        run === null
          ? nothing
          : `${milliseconds(run.meanSeconds)}, ${factor(run.worst)}, ${percent(run.burstShare)}, ${percent(run.accuracy, 2)}`,
      ),
    ]),
  );
}
