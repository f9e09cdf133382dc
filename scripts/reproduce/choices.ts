import { type AlternativeGain, alternativeSeeds, alternatives } from './alternatives.ts';
import type { Findings } from './findings.ts';
import { guards, policyLoad } from './sensitivity.ts';
import { schemeNames, schemes } from './subjects.ts';
import { servingOf } from './tables.ts';
import { factor, gain, milliseconds, nothing, percent, table } from './text.ts';
import type { Traffic } from './traffic.ts';
import type { Tuned } from './tuning.ts';

const words = { poisson: 'Poisson', bursty: 'bursty' } as const;

/** What was chosen for each network and scheme; empty if the experiment was shortened. */
export function choices(findings: Findings): readonly string[] {
  const tables = (['poisson', 'bursty'] as const).flatMap((traffic) => {
    const rows = servingOf(findings, traffic).flatMap(({ subject, tuned }) =>
      tuned === null ? [] : [[subject, ...schemes.map((scheme) => chosen(tuned[scheme]))]],
    );
    if (rows.length === 0) return [];
    const head = schemes.map((scheme) => `${schemeNames[scheme]}: batch${isSlack(scheme) ? ', guard, hold' : ''}`);
    return [table([`${words[traffic]} arrivals`, ...head], rows), ''];
  });
  if (tables.length === 0) return [];
  return [
    '## The batch, guard and hold of each chip',
    '',
    'Each chip has the settings that a good engineer would choose for each network: first the batch, then the guard and the hold, always for the largest load. They were chosen with the arrivals of another seed, separately for each chip, network and kind of traffic. If several batches give the same load, the usual batch of 8 is chosen. If several guards give loads within 1 % of the best one, the smallest guard is chosen, with the usual hold of 2 ms, because a larger guard costs accuracy. The mixes use a batch of 8, a guard of 5 % and a hold of 2 ms.',
    '',
    ...tables,
  ];
}

const isSlack = (scheme: (typeof schemes)[number]): boolean =>
  scheme === 'on-chip' || scheme === 'off-chip' || scheme === 'stored';

function chosen({ batch, guardFraction, holdSeconds }: Tuned): string {
  return guardFraction === null || holdSeconds === null
    ? String(batch)
    : `${batch}, ${percent(guardFraction, 0)}, ${milliseconds(holdSeconds)} ms`;
}

/** The gain in the largest load if one assumption is replaced; empty if the experiment was shortened. */
export function otherAssumptions(findings: Findings): readonly string[] {
  const names = findings.alone.map(({ name }) => name);
  const found = (traffic: Traffic, name: string) =>
    findings.serving.find((one) => one.subject === name && one.traffic === traffic);
  const rows = alternatives.map(({ name, traffic }) => [
    name,
    ...names.map((network) => mean(found(traffic, network)?.alternatives?.find((one) => one.name === name))),
  ]);
  if (rows.every(([, ...cells]) => cells.every((cell) => cell === nothing))) return [];
  const published = (traffic: Traffic) => [
    `**as published, ${words[traffic]}**`,
    ...names.map((network) => factor(found(traffic, network)?.gain?.mean ?? null)),
  ];
  const poisson = alternatives.filter(({ traffic }) => traffic === 'poisson').length;
  return [
    '## If an assumption is wrong',
    '',
    `The gain in the largest load (Stimpack, on-chip, divided by TPUv4i) if one assumption is replaced, for both chips. Each gain is the mean of ${alternativeSeeds} seeds. Both runs of a pair have the same arrivals, and a quarter of the requests of the published gain. Batch, guard and hold are those of the tables above. ${widestSpread(findings)}`,
    '',
    table(
      ['gain in the largest load', ...names],
      [published('poisson'), ...rows.slice(0, poisson), published('bursty'), ...rows.slice(poisson)],
    ),
    '',
    'Bursts of the Azure traces: we counted the requests of the public code trace (2023) in windows of 1 s. Windows with more than twice the mean number of requests have 4.77 times the mean load. They are 18.6 % of the time, and such a burst lasts 3.2 s on average. The 99th percentile of all windows is 10.9 times the mean. For the conversation trace of the same source, the 99th percentile is 2.35 times the mean. We assume that its bursts have the same share of the time and the same length.',
    '',
  ];
}

function mean(found: AlternativeGain | undefined): string {
  if (found === undefined || found.ratios === null) return nothing;
  return factor(found.ratios.reduce((sum, one) => sum + one, 0) / found.ratios.length);
}

function widestSpread(findings: Findings): string {
  const spreads = findings.serving.flatMap(({ alternatives: all }) =>
    (all ?? []).flatMap(({ ratios }) => (ratios === null ? [] : [Math.max(...ratios) / Math.min(...ratios) - 1])),
  );
  return spreads.length === 0 ? '' : `Over the seeds, a gain differs by at most ${percent(Math.max(...spreads))}.`;
}

/** Why the language's default guard is 5 %, with the numbers of the curve. */
export function defaultGuard(findings: Findings): readonly string[] {
  const compare = (from: number, to: number) => {
    const pairs = findings.policy.flatMap(({ guard }) => {
      const [less, more] = [guard[guards.indexOf(from as 0)], guard[guards.indexOf(to as 0)]];
      return less === undefined || less === null || more === undefined || more === null ? [] : [{ less, more }];
    });
    const average = (of: (pair: (typeof pairs)[number]) => number) =>
      pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
    return pairs.length === 0
      ? null
      : {
          mean: average(({ less, more }) => more.meanSeconds / less.meanSeconds),
          worst: average(({ less, more }) => less.worst - more.worst),
          burst: average(({ less, more }) => more.burstShare - less.burstShare),
        };
  };
  const [small, large] = [compare(0, 0.05), compare(0.05, 0.8)];
  if (small === null || large === null) return [];
  return [
    `**The default guard is 5 %.** At ${policyLoad} times TPUv4i’s load, averaged over the networks, a guard of 5 % instead of none lowers the percentile by ${percent(small.worst)} of its limit and adds ${percent(small.burst, 2)} of the requests to burst mode. So it reserves time for later arrivals at almost no cost, and the chip still computes in full precision unless a violation is near, as a conservative scheduler must. A guard of 80 % instead of 5 % changes the mean latency by ${gain(large.mean)} and adds ${percent(large.burst)} of the requests to burst mode. State such a guard in the scheduler if a low mean latency matters more than the accuracy of these requests.`,
    '',
  ];
}
