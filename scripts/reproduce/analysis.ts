import { type Bound, bounds } from '../../design/index.ts';
import { deadlineSeconds } from '../../simulator/index.ts';
import type { Findings } from './findings.ts';
import { accurateRatio, loadRatio } from './plots.ts';
import type { ServiceTime } from './service-times.ts';
import { nearIdeal } from './serving.ts';
import { type Subject, schemeNames } from './subjects.ts';
import { paperLoad, paperSpeedup } from './summary.ts';
import { factor, gain, list, milliseconds, percent, three } from './text.ts';

const stageNames: Readonly<Record<Bound, string>> = {
  compute: 'the arrays',
  vector: 'the vector unit',
  vmem: 'VMEM',
  cmem: 'CMEM',
  hbm: 'HBM',
  quantizer: 'the quantization unit',
  dispatch: 'fixed costs',
};

/**
 * For example "the arrays (61 %) and CMEM (38 %)": the stages that bound at least a tenth of the time, the largest
 * first.
 */
function boundBy(time: ServiceTime): string {
  const shares = bounds
    .map((bound) => ({ bound, share: time.shares[bound] }))
    .filter(({ share }) => share >= 0.1)
    .sort((a, b) => b.share - a.share || bounds.indexOf(a.bound) - bounds.indexOf(b.bound));
  return list(shares.map(({ bound, share }) => `${stageNames[bound]} (${percent(share, 0)})`));
}

/**
 * One paragraph for each network: which stage bounds it, the effect of residency, the gain of each scheme, and the gain
 * in serving.
 */
export function analyse(findings: Findings, subject: Subject): string {
  const { name, scenario, contenders } = subject;
  const times = findings.service.get(name);
  const model = scenario.serves[0]?.model;
  if (times === undefined || model === undefined) throw new Error(`${name} was not priced`);
  const base = times.tpuv4i.base;
  const over = (time: ServiceTime): number => base.seconds / time.seconds;
  const own = times['on-chip'];
  const npu = contenders['on-chip'].npu;
  const limit = deadlineSeconds(scenario.serves[0]?.slos ?? []);
  const sentences: string[] = [];

  sentences.push(
    `One request takes ${milliseconds(base.seconds)} ms on TPUv4i. Its limit is ${three(limit / base.seconds)} times as long. The time is bound by ${boundBy(base)}.`,
  );
  const megabytes = three(own.weightBytes / 1e6);
  sentences.push(
    own.residentFraction === 1
      ? `Its ${megabytes} MB of weights stay in CMEM.`
      : `Of its ${megabytes} MB of weights and tables ${percent(own.residentFraction, own.residentFraction < 0.01 ? 2 : 0)} stay in CMEM.`,
  );

  const ideal = over(times.stored.first);
  const overStored = times.stored.base.seconds / base.seconds;
  sentences.push(
    `With stored copies, which need no conversion, a request is ${factor(ideal)} times as fast. In burst mode, the time is bound by ${boundBy(times.stored.first)}.${
      overStored > 1.01
        ? ` The second copies make base mode slower by ${percent(overStored - 1, 0)}, because they take space in CMEM from its weights.`
        : ''
    }`,
  );

  const first = over(own.first);
  const steady = over(own.steady);
  const away = over(times['off-chip'].first);
  const quantizing = own.first.shares.quantizer;
  sentences.push(
    `With on-chip quantization, the first request after base mode is ${first < 1 ? '**slower**' : 'faster'} (speed ${factor(first)})${
      quantizing >= 0.1
        ? `, and the quantization unit bounds ${percent(quantizing, 0)} of its time at ${npu.quantizer.elementsPerCycle} elements per cycle`
        : ''
    }. The requests after it have a speed of ${factor(steady)}${
      steady < ideal * 0.98
        ? own.residentFraction < 1
          ? ', because weights outside CMEM arrive in bf16 and the unit converts them every time'
          : ''
        : ', the same as with stored copies'
    }.`,
  );
  sentences.push(
    `If int8 weights are fetched from HBM instead, the first request has a speed of ${factor(away)}: ${
      away > first * 1.01
        ? 'at these rates, HBM delivers int8 weights faster than the unit makes them'
        : away < first * 0.99
          ? 'the unit is faster'
          : 'there is no difference'
    }.`,
  );

  sentences.push(...served(findings, name));
  sentences.push(besidePaper(findings, name, { first, steady, ideal, streams: own.residentFraction < 1 }));
  sentences.push(...otherPolicies(findings, name));
  return sentences.join(' ');
}

/** The gain of a mix in serving. Networks that share a chip have no service time that could be compared. */
export function analyseMix(findings: Findings, { name }: Subject): string {
  const sentences = served(findings, name);
  const others = (['off-chip', 'stored'] as const).map((scheme) => {
    const ratio = loadRatio(findings, name, 'poisson', scheme);
    return `${schemeNames[scheme]} ${factor(ratio)}`;
  });
  return [
    ...sentences,
    `With int8 weights that are fetched or stored, the load under Poisson traffic divided by TPUv4i’s is: ${list(others)}.`,
    ...otherPolicies(findings, name),
  ].join(' ');
}

const words = { poisson: 'Poisson', bursty: 'bursty' } as const;

/**
 * The largest load under both kinds of traffic, and where the scheme is slower than TPUv4i at TPUv4i's largest load.
 */
function served(findings: Findings, name: string): string[] {
  const loads = (['poisson', 'bursty'] as const).map((traffic) => {
    const found = findings.serving.find((one) => one.subject === name && one.traffic === traffic);
    const at = found?.load['on-chip'].at ?? null;
    const ratio = loadRatio(findings, name, traffic, 'on-chip');
    if (at === null || ratio === null) return `zero under ${words[traffic]} traffic (no load is within its objective)`;
    const near = accurateRatio(findings, name, traffic);
    return `${factor(ratio)} times TPUv4i’s load under ${words[traffic]} traffic${ratio < 1 ? ' (**a loss**)' : ''}, with ${percent(at.burstShare, 0)} of the requests in burst mode${
      near !== null && near < ratio * 0.98 ? ` (${factor(near)} times at ${nearIdeal * 100} % of the accuracy)` : ''
    }`;
  });
  const sentences = [`In serving, its largest load is ${loads.join('; ')}.`];
  for (const { traffic, atBaseline } of findings.serving.filter((one) => one.subject === name)) {
    if (atBaseline === null) continue;
    const [theirs, ours] = [atBaseline.tpuv4i, atBaseline['on-chip']];
    const slower = ours.meanSeconds / theirs.meanSeconds;
    if (ours.worst <= 1 && slower < 1.005) continue;
    sentences.push(
      `At TPUv4i’s largest load under ${words[traffic]} traffic it is **worse**: its mean latency is ${factor(slower)} times TPUv4i’s, with ${percent(ours.burstShare, 0)} of the requests in burst mode${ours.worst > 1 ? `, and it violates the objective (${factor(ours.worst)} times the limit)` : ''}.`,
    );
  }
  return sentences;
}

/** The largest loads under other policies. */
function otherPolicies(findings: Findings, name: string): string[] {
  const always = loadRatio(findings, name, 'poisson', 'always');
  const slack = loadRatio(findings, name, 'poisson', 'on-chip');
  const oracle = loadRatio(findings, name, 'poisson', 'oracle');
  const sentences: string[] = [];
  if (slack === null) return sentences;
  if (always !== null) {
    const less = always < slack ? 'slightly smaller' : 'slightly larger';
    sentences.push(
      always > slack * 1.02
        ? `With burst mode only, the largest load under Poisson traffic would be ${factor(always)} times TPUv4i’s.`
        : always < slack * 0.98
          ? `With burst mode only, the largest load under Poisson traffic would be just ${factor(always)} times TPUv4i’s: here, base mode increases the load as well as the accuracy.`
          : `With burst mode only, the largest load under Poisson traffic is ${always === slack ? 'the same' : less} (${factor(always)} times TPUv4i’s).`,
    );
  }
  if (oracle !== null && oracle < slack * 0.98) {
    sentences.push(
      `The oracle’s largest load is ${factor(oracle)} times TPUv4i’s, so it is not an upper bound here. It assumes that later requests run in burst mode, and it switches to burst mode if a queue is longer than the part that it looks at. Both cost time if burst mode is slower.`,
    );
  }
  return sentences;
}

/** Why a network's gain differs from the paper's, and with which of the two averages it is compared. */
function besidePaper(
  findings: Findings,
  name: string,
  {
    first,
    steady,
    ideal,
    streams,
  }: { readonly first: number; readonly steady: number; readonly ideal: number; readonly streams: boolean },
): string {
  const curve = findings.hardware.rate.find((one) => one.subject === name);
  const enough = curve?.x.find((_, index) => (curve.y[index] ?? 0) >= paperSpeedup);
  const rate =
    enough === undefined
      ? 'no tried rate of the unit makes the first request that fast'
      : `the first request is that fast at ${enough} elements per cycle`;
  const speed =
    first >= paperSpeedup
      ? 'faster even for the first request, because the arrays take longer than the unit'
      : steady >= paperSpeedup
        ? `faster once the chip is in burst mode, and slower for the first request. The unit causes the whole difference: ${rate}`
        : ideal >= paperSpeedup
          ? `slower in burst mode too, although stored copies would be faster${streams ? ': the unit converts weights outside CMEM again for every request' : ''}; ${rate}`
          : 'slower with every scheme';
  const load = loadRatio(findings, name, 'poisson', 'on-chip');
  const near = accurateRatio(findings, name, 'poisson');
  const carried =
    load === null
      ? 'there is no load'
      : load >= paperLoad
        ? `larger (${gain(load)} under Poisson traffic), because ${steady < ideal * 0.98 ? 'a batch shares the conversion of weights outside CMEM' : 'all requests in burst mode share one conversion while the queue lasts'}${near !== null && near < paperLoad ? `, and smaller (${gain(near)}) at ${nearIdeal * 100} % of the accuracy` : ''}`
        : `smaller (${gain(load)} under Poisson traffic)${steady < 1 && streams ? ': converting weights outside CMEM costs more than int8 saves, so the scheduler stays in base mode' : ''}`;
  return `Compared with the paper’s average speedup of ${gain(paperSpeedup)}: ${speed}. Compared with its average load of ${gain(paperLoad)}: ${carried}.`;
}
