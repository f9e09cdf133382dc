import type { Findings } from './findings.ts';
import { loadRatio } from './plots.ts';
import { nearIdeal } from './serving.ts';
import type { Scheme } from './subjects.ts';
import { measures, paperLoad, paperSpeedup, seven, spread } from './summary.ts';
import { rivals, servingOf } from './tables.ts';
import { gain, list, percent } from './text.ts';
import type { Traffic } from './traffic.ts';

/** The kinds of traffic, in sentences. */
export const trafficNames: Readonly<Record<Traffic, string>> = { poisson: 'Poisson', bursty: 'bursty' };

const schemeWords: Readonly<Record<Exclude<Scheme, 'tpuv4i'>, string>> = {
  'on-chip': 'on-chip quantization',
  'off-chip': 'off-chip quantization',
  stored: 'stored copies',
  always: 'burst mode only',
  oracle: 'the oracle',
};

/** A sentence about the two figures that changes with the numbers. */
export function verdict(findings: Findings): string {
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
      return found?.load['on-chip'].at && ratio !== null && ratio > 1.05 ? [found.load['on-chip'].at.burstShare] : [];
    });
    return `${percent(Math.min(...shares), 0)} to ${percent(Math.max(...shares), 0)}`;
  };
  return [
    `- **Speed of one request** (paper: ${gain(paperSpeedup)}). With both copies stored, the average is ${gain(stored.mean)}. With on-chip quantization at our rate of the unit, the average is ${gain(first.mean)} for the first request after base mode, and ${first.losers.length} of ${seven.length} networks are slower than on TPUv4i${first.losers.length > 0 ? ` (${list(first.losers)}: converting the weights takes longer than computing)` : ''}. Once the chip is in burst mode, the average is ${gain(steady.mean)}, and ${steady.losers.length} of ${seven.length} networks are slower${steady.losers.length > 0 ? ` (${list(steady.losers)}: the unit converts weights outside CMEM again for every request)` : ''}. The paper does not state which of the three it measures, or at what rate of the unit.`,
    `- **Load within the objectives** (paper: ${gain(paperLoad)}). The average is ${gain(loadPoisson.mean)} under Poisson traffic and ${gain(loadBursty.mean)} under bursty traffic. The load is smaller than TPUv4i’s for ${loadPoisson.losers.length} and ${loadBursty.losers.length} of ${seven.length} networks. MLPerf’s limits are many times the service time of a request. So a queue may grow until the chip is almost always busy, and the largest load follows the throughput with batches, which share the conversion. The price is accuracy: among the networks that gain, ${bursts('poisson')} of the requests run in burst mode at that load under Poisson traffic, and ${bursts('bursty')} under bursty traffic. If the accuracy must be at least ${nearIdeal * 100} % of base mode’s, as MLPerf’s stricter rule requires, the gain is ${gain(nearPoisson.mean)} under Poisson traffic and ${gain(nearBursty.mean)} under bursty traffic; ${alwaysAccurateWords(findings)}`,
    `- **Mean latency at TPUv4i’s largest load**. The average speed-up is ${gain(latencyPoisson.mean)} under Poisson traffic and ${gain(latencyBursty.mean)} under bursty traffic, because a conservative scheduler serves most of this load in base mode. ${worseLatencies(findings)}`,
  ].join('\n');
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

/**
 * One sentence with every network, mix and scheme whose mean latency is worse than TPUv4i's at TPUv4i's largest load.
 */
function worseLatencies(findings: Findings): string {
  const ofTraffic = (traffic: Traffic): string[] =>
    rivals.flatMap((scheme) => {
      const worse = servingOf(findings, traffic).flatMap(({ subject, atBaseline }) => {
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
