import { deadlineSeconds } from '../../simulator/index.ts';
import { resolution } from './capacity.ts';
import type { Findings } from './findings.ts';
import { widths } from './interval.ts';
import { pairs } from './paired-gain.ts';
import { besideShare, nearIdeal } from './serving.ts';
import { budgetRequests, mostRepeats, tolerance, widestInterval } from './stated-load.ts';
import { milliseconds, nothing, percent, table, three } from './text.ts';
import {
  burstLoad,
  busyFraction,
  type Effort,
  fewestRequests,
  limitsPerRun,
  mostRequests,
  type Traffic,
} from './traffic.ts';

/** The assumptions of the experiment and their sources. Values that exist in the code are read from it. */
export function assumptions(findings: Findings, effort: Effort): string {
  const [first] = findings.alone;
  if (first === undefined) throw new Error('experiment.npu has no network alone');
  const { npu, scheduler } = first.contenders['on-chip'];
  const vit = findings.alone.find((one) => one.name === 'ViT')?.scenario.serves[0];
  const { burst } = scheduler;
  const roomyBytes =
    findings.alone.find((one) => one.name === 'Dlrm')?.contenders.tpuv4i.npu.hbm.capacityBytes ?? Number.NaN;
  const slack =
    burst.kind === 'slack'
      ? `burst mode by slack with a guard of ${percent(burst.guardFraction, 0)} and a hold of ${milliseconds(burst.holdSeconds)} ms`
      : burst.kind;
  const thin = (traffic: Traffic) => widths(findings.serving.filter((one) => one.traffic === traffic));
  const [poisson, bursty] = [thin('poisson'), thin('bursty')];
  return `${[
    '## Assumptions',
    '',
    table(
      ['property', 'value', 'source'],
      [
        [
          'baseline',
          '[TPUv4i](../library/stimpack/tpuv4i.npu)',
          'Jouppi et al., ISCA 2021; the file marks values that this paper does not give',
        ],
        [
          'Stimpack',
          `[on TPUv4i](../library/stimpack/stimpack.npu): ${npu.burst?.precision ?? nothing}, two products along the ${npu.burst?.packing ?? nothing}; quantization unit ${npu.quantizer.elementsPerCycle} elements/cycle; switch ${three(npu.switchLatencySeconds * 1e6)} us`,
          'the idea: the paper; rate, packing and switch: our assumptions, which we fixed before this page existed',
        ],
        [
          'networks, accuracies, limits',
          '[library](../library/stimpack/mlperf.npu)',
          'each file names its sources; a test compares the counts with published ones',
        ],
        [
          'ViT’s limit',
          `${milliseconds(deadlineSeconds(vit?.slos ?? []))} ms`,
          'our assumption: the limit of ResNet-50, which has the same task',
        ],
        ['quantization type', 'static, RNN-T dynamic', 'our assumption'],
        ['bf16 accuracy', 'that of fp32', 'our assumption'],
        [
          'accuracy of int8 DLRM, RNN-T',
          `the bound of MLPerf’s rules, ${nearIdeal * 100} % and 99 % of fp32`,
          'MLPerf Inference rules; no accuracy of a model is published',
        ],
        [
          'accuracy of int8 GNMT',
          'a result with int8 in the decoder, fp16 in the encoder',
          'MLPerf Inference v0.5, NVIDIA; no result with only int8 is published',
        ],
        [
          'scheduler',
          `earliest deadline first, batches without waiting. Batch, guard and hold are chosen for each chip and network (see above); otherwise batches of at most ${first.scenario.serves[0]?.batch.maxSize ?? nothing} and ${slack}`,
          'our assumption; the paper states only that it is conservative',
        ],
        ['shares of a mix', 'each network has the same share of TPUv4i’s time', 'our assumption'],
        [
          'bursty traffic',
          `Markov-modulated Poisson: ${burstLoad} times the mean load for ${percent(busyFraction, 0)} of the time, in bursts that last on average as long as the (shortest) limit`,
          'our assumption',
        ],
        [
          'DLRM’s tables',
          `a look-up costs a read of this chip’s HBM, which has ${three(roomyBytes / 1e9)} GB here instead of ${three(npu.hbm.capacityBytes / 1e9)} GB, because 48 GB of bf16 tables do not fit into TPUv4i`,
          'our assumption. An architect would spread the tables over at least seven such chips, which exchange the rows that they look up (1.8 MB per request), or keep them in the memory of a host. Neither link is modelled. This makes both sides of the comparison equally faster: reading 1.8 MB from HBM takes 2.9 us',
        ],
        [
          'energy',
          `per operation and byte, and ${npu.energy?.staticWatts ?? nothing} W while idle`,
          'the TPUv4i file; its figures at 7 nm are from memory and not verified',
        ],
      ],
      'words',
    ),
    '',
    '## The search',
    '',
    `Each largest load comes from the search of \`stimpack capacity\`. At *met*, every objective is met at the stated confidence. At *violated*, one is violated. Between the two, the runs could not decide, or the search stopped at a distance of ${percent(tolerance, 0)}. A run ends when its verdicts are decided, and after at most ${(budgetRequests * effort).toLocaleString('en')} requests. The runs of the four other schemes, and of the load at a given accuracy, have ${percent(besideShare, 0)} of this budget. Under Poisson traffic, a search whose interval is wider than ${percent(widestInterval, 0)} is repeated with twice the budget, at most ${mostRepeats} times. Every published load is the *met* one, so it is below saturation.`,
    '',
    `Each gain compares pairs of runs. For each of ${pairs} seeds, both chips see the same arrivals, and a second search finds the largest load of each on a grid with steps of ${percent(resolution, 0)}. In it, a load is within the objectives if every measured percentile is at most its limit and the queue does not grow. The interval of the gain is Student’s interval over the seeds. Under Poisson traffic, each run of this search has the same ${Math.round(fewestRequests * effort)} to ${Math.round(mostRequests * effort)} requests: as many as arrive in ${limitsPerRun.poisson} times the limit at TPUv4i’s usual load, within these bounds. Under bursty traffic, each run has the same bursts over the same time: ${limitsPerRun.bursty} times the limit, within the same bounds at that load. The other values at a load (latency, burst share, energy) come from one run of this length.`,
    '',
    '## Limitations',
    '',
    `- Half of the intervals of a largest load are at most ${percent(poisson.half)} wide under Poisson traffic (the widest is ${percent(poisson.widest)}), and at most ${percent(bursty.half)} under bursty traffic (the widest is ${percent(bursty.widest)}). Bursty intervals are wider because bursts are the independent observations, not requests: a run of ${(budgetRequests * effort).toLocaleString('en')} requests has few of them.`,
    '- The search assumes that the objectives are also met at every smaller load. It does not try loads above one that violates an objective.',
    '- Nothing was measured on a chip. [hardware.md](hardware.md) lists what the hardware model leaves out.',
    '- Mixes of networks whose limits are shorter than the service time of another network, such as MobileNet and GNMT on one chip, are not in this experiment. They need preemption between layers, whose requests take far longer to simulate, so that their intervals would be too wide to publish.',
    '- GPT-2 is in the library but not in this experiment. It is not one of MLPerf’s seven networks, it has no server limit for a single step, and no int8 accuracy of its smallest size is published, so the cost of burst mode is unknown.',
  ].join('\n')}\n`;
}
