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
    `One request takes ${milliseconds(base.seconds)} ms on TPUv4i, ${three(limit / base.seconds)} times less than its limit; what sets the pace is ${boundBy(base)}.`,
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
    `Arithmetic and format alone (stored copies) make a request ${factor(ideal)} times as fast: in burst mode ${boundBy(times.stored.first)} set the pace.${
      overStored > 1.01
        ? ` The second copies cost base mode ${percent(overStored - 1, 0)}, as they take its weights’ place.`
        : ''
    }`,
  );

  const first = over(own.first);
  const steady = over(own.steady);
  const away = over(times['off-chip'].first);
  const quantizing = own.first.shares.quantizer;
  sentences.push(
    `Quantized on the chip, the first request after base mode is ${first < 1 ? '**slower**' : 'faster'}, ${factor(first)}${
      quantizing >= 0.1
        ? `: the unit holds up ${percent(quantizing, 0)} of it at ${npu.quantizer.elementsPerCycle} elements a cycle`
        : ''
    }; those behind it run at ${factor(steady)}${
      steady < ideal * 0.98
        ? own.residentFraction < 1
          ? ', as what streams comes in bf16 and passes the unit every time'
          : ''
        : ', as with stored copies'
    }.`,
  );
  sentences.push(
    `Fetching int8 from HBM instead makes the first ${factor(away)}: ${
      away > first * 1.01
        ? 'at these rates HBM brings int8 weights sooner than the unit makes them'
        : away < first * 0.99
          ? 'the unit is the quicker way'
          : 'no difference'
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
    `With int8 from elsewhere, under Poisson traffic: ${list(others)}.`,
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
    const at = found?.capacity['on-chip'].at ?? null;
    const ratio = loadRatio(findings, name, traffic, 'on-chip');
    if (at === null || ratio === null) return `no load within its objective under ${words[traffic]} traffic`;
    const near = accurateRatio(findings, name, traffic);
    return `${factor(ratio)} times TPUv4i’s load under ${words[traffic]} traffic${ratio < 1 ? ' (**a loss**)' : ''}, with ${percent(at.burstShare, 0)} of the requests in burst mode${
      near !== null && near < ratio * 0.98 ? ` (${factor(near)} times at ${nearIdeal * 100} % of the accuracy)` : ''
    }`;
  });
  const sentences = [`Served, it carries ${loads.join('; ')}.`];
  for (const { traffic, atBaseline } of findings.serving.filter((one) => one.subject === name)) {
    if (atBaseline === null) continue;
    const [theirs, ours] = [atBaseline.tpuv4i, atBaseline['on-chip']];
    const slower = ours.meanSeconds / theirs.meanSeconds;
    if (ours.worst <= 1 && slower < 1.005) continue;
    sentences.push(
      `At the load that TPUv4i just carries under ${words[traffic]} traffic it is **worse**: mean latency ${factor(slower)} times TPUv4i’s, ${percent(ours.burstShare, 0)} of the requests in burst mode${ours.worst > 1 ? `, and the objective missed (${factor(ours.worst)} times the limit)` : ''}.`,
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
    const less = always < slack ? 'hardly less' : 'hardly more';
    sentences.push(
      always > slack * 1.02
        ? `Bursting always would carry ${factor(always)} under Poisson traffic.`
        : always < slack * 0.98
          ? `Bursting always would carry only ${factor(always)} under Poisson traffic: holding back is worth more than accuracy here.`
          : `Bursting always carries ${always === slack ? 'as much' : less} (${factor(always)}) under Poisson traffic.`,
    );
  }
  if (oracle !== null && oracle < slack * 0.98) {
    sentences.push(
      `The oracle carries ${factor(oracle)}, and is no upper bound here: it takes for granted that what follows runs in burst mode, and bursts where a queue outlasts its view; both cost where burst mode is the slower one.`,
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
      ? 'no rate of the unit that was tried brings the first request there'
      : `the first request gets there at ${enough} elements a cycle`;
  const speed =
    first >= paperSpeedup
      ? 'above it even for the first request, since the arrays take longer than the unit'
      : steady >= paperSpeedup
        ? `above it once the chip bursts, below it for the first request, and the unit is all of the difference: ${rate}`
        : ideal >= paperSpeedup
          ? `below it in burst mode too, though stored copies would be above${streams ? ': weights outside CMEM pass the unit at every request' : ''}; ${rate}`
          : 'below it whatever the scheme';
  const load = loadRatio(findings, name, 'poisson', 'on-chip');
  const near = accurateRatio(findings, name, 'poisson');
  const carried =
    load === null
      ? 'there is none'
      : load >= paperLoad
        ? `above it (${gain(load)} under Poisson traffic), as ${steady < ideal * 0.98 ? 'a batch shares the conversion of what streams' : 'conversion is shared by all that bursts while the queue lasts'}${near !== null && near < paperLoad ? `, and below it (${gain(near)}) at ${nearIdeal * 100} % of the accuracy` : ''}`
        : `below it (${gain(load)} under Poisson traffic)${steady < 1 && streams ? ': streaming weights through the unit costs more than int8 saves, and the scheduler stays in base mode' : ''}`;
  return `Beside the paper’s ${gain(paperSpeedup)} of speed: ${speed}. Beside its ${gain(paperLoad)} of load: ${carried}.`;
}
