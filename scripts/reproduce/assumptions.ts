import { deadlineSeconds } from '../../simulator/index.ts';
import { resolution } from './capacity.ts';
import type { Findings } from './findings.ts';
import { nearIdeal } from './serving.ts';
import { widths } from './sureness.ts';
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
  const slack =
    burst.kind === 'slack'
      ? `burst by slack with a guard of ${percent(burst.guardFraction, 0)} and a hold of ${milliseconds(burst.holdSeconds)} ms`
      : burst.kind;
  const thin = (traffic: Traffic) => widths(findings.serving.filter((one) => one.traffic === traffic));
  const [poisson, bursty] = [thin('poisson'), thin('bursty')];
  return `${[
    '## What was assumed',
    '',
    table(
      ['what', 'value', 'source'],
      [
        [
          'baseline',
          '[TPUv4i](../library/stimpack/tpuv4i.npu)',
          'Jouppi et al., ISCA 2021; what it does not say is marked in the file',
        ],
        [
          'Stimpack',
          `[on TPUv4i](../library/stimpack/stimpack.npu): ${npu.burst?.precision ?? nothing}, two products along the ${npu.burst?.packing ?? nothing}; quantization unit ${npu.quantizer.elementsPerCycle} elements/cycle; mode change ${three(npu.switchLatencySeconds * 1e6)} us`,
          'the idea: the paper; rate, packing and switch: our assumptions, all three fixed before this page existed',
        ],
        [
          'networks, accuracies, limits',
          '[library](../library/stimpack/mlperf.npu)',
          'each file names its sources; counts are held to published ones by a test',
        ],
        [
          'ViT’s limit',
          `${milliseconds(deadlineSeconds(vit?.slos ?? []))} ms`,
          'our assumption: ResNet-50’s, for the same task',
        ],
        ['quantization type', 'static, RNN-T dynamic', 'our assumption'],
        ['bf16 accuracy', 'that of fp32', 'our assumption'],
        [
          'accuracy of int8 DLRM, RNN-T',
          `the bound of MLPerf’s rules, ${nearIdeal * 100} % and 99 % of fp32`,
          'MLPerf Inference rules; no figure of a model is published',
        ],
        [
          'accuracy of int8 GNMT',
          'a result with int8 in the decoder, fp16 in the encoder',
          'MLPerf Inference v0.5, NVIDIA; none that is int8 throughout is published',
        ],
        [
          'scheduler',
          `earliest deadline first, batches of at most ${first.scenario.serves[0]?.batch.maxSize ?? nothing} without waiting, ${slack}`,
          'our assumption; the paper says only that it is conservative',
        ],
        [
          'mix Seven',
          'batches of 1, preemption at layers',
          'our assumption: GNMT and RNN-T take longer than MobileNet may',
        ],
        ['mix: shares', 'each network the same share of TPUv4i’s time', 'our assumption'],
        [
          'bursty traffic',
          `Markov-modulated Poisson: ${burstLoad} times the mean load for ${percent(busyFraction, 0)} of the time, in bursts as long on average as the (shortest) limit`,
          'our assumption',
        ],
        [
          'DLRM’s tables',
          'a look-up costs a read of this chip’s HBM, though 48 GB of bf16 tables do not fit its 8 GB',
          'our assumption. An architect would spread them over at least seven such chips, which exchange the rows they look up (1.8 MB a request), or keep them in a host’s memory; neither link is modelled, and the simulator does not check HBM’s capacity. Both sides of the comparison are flattered alike: 1.8 MB take 2.9 us of HBM’s bandwidth',
        ],
        [
          'energy',
          `per operation and byte, and ${npu.energy?.staticWatts ?? nothing} W at rest`,
          'as the TPUv4i file says; its figures at 7 nm are from memory, not verified',
        ],
      ],
      'words',
    ),
    '',
    '## How it was searched',
    '',
    `The largest load is searched on a grid of ${percent(resolution, 0)}: from a guess in growing strides, then by bisection, down to two neighbours of which the lower is within the objectives and the upper is not. Within: every percentile that was measured is at most its limit, none is violated for sure, and the queue does not grow. Random numbers are the same at every load and for every scheme: under Poisson traffic the same ${Math.round(fewestRequests * effort)} to ${Math.round(mostRequests * effort)} requests (${limitsPerRun.poisson} limits’ worth at TPUv4i’s usual load, within these), under bursty traffic the same bursts over the same time (${limitsPerRun.bursty} limits, within the same numbers at that load). The product’s own search asks for certainty at every load and so takes many times as long; here certainty is looked for around the two loads that are compared, in strides that double.`,
    '',
    '## What is thin',
    '',
    `- One seed. The tables of how sure the loads are say what other random numbers could change: half of the widths are at most ${percent(poisson.half, 0)} under Poisson traffic (the widest ${percent(poisson.widest, 0)}) and ${percent(bursty.half, 0)} under bursty traffic (${percent(bursty.widest, 0)}), where a run has a few dozen bursts. A difference of some per cent between two schemes is no finding there. Of the other schemes no range was looked for.`,
    '- The search takes for granted that a smaller load is the easier one; it does not look for loads that hold above one that fails.',
    '- Nothing was measured on a chip. What the hardware model leaves out is in [hardware.md](hardware.md).',
    '- The next layer’s weights are not fetched while this one computes, which flatters neither side but makes streaming networks (BERT-large, GNMT) slower than they need be.',
    '- GPT-2 is in the library and not here: it is not one of MLPerf’s seven, it has no server limit for a single step, and no int8 accuracy is published for its smallest size, so that what a burst costs could not be told.',
  ].join('\n')}\n`;
}
