import { resolution } from './capacity.ts';
import { percent, table } from './text.ts';
import { burstLoad, busyFraction, fewestRequests, mostRequests } from './traffic.ts';

/** What the experiment takes for granted, and where it comes from. Figures that the code has are read from it. */
export function assumptions(): string {
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
          '[on TPUv4i](../library/stimpack/stimpack.npu): int8, two products along the reduction; quantization unit 128 elements/cycle; mode change 1 us',
          'the idea: the paper; rate, packing and switch: our assumptions, all three fixed before this page existed',
        ],
        [
          'networks, accuracies, limits',
          '[library](../library/stimpack/mlperf.npu)',
          'each file names its sources; counts are held to published ones by a test',
        ],
        ['ViT’s limit', '15 ms', 'our assumption: ResNet-50’s, for the same task'],
        ['quantization type', 'static, RNN-T dynamic', 'our assumption'],
        ['bf16 accuracy', 'that of fp32', 'our assumption'],
        [
          'accuracy of int8 DLRM, RNN-T',
          'the bound of MLPerf’s rules, 99.9 % and 99 % of fp32',
          'MLPerf Inference rules; no figure of a model is published',
        ],
        [
          'scheduler',
          'earliest deadline first, batches of at most 8 without waiting, burst by slack with a guard of 5 % and a hold of 2 ms',
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
        ['DLRM', 'look-ups from this chip’s HBM, though 48 GB of tables do not fit its 8 GB', 'our assumption'],
        ['energy', 'per operation and byte, and 55 W at rest', 'as the TPUv4i file says'],
      ],
      'words',
    ),
    '',
    '## How it was searched',
    '',
    `The largest load is bisected to ${percent(resolution, 0)} with the same random numbers at every load and for every scheme; a load is within the objectives where every percentile that was measured is within its limit and the queue does not grow. Runs have ${fewestRequests} to ${mostRequests} requests. The product’s own capacity search asks for certainty at every load and so takes many times as long; what certainty leaves open stands in the brackets.`,
    '',
    '## What is thin',
    '',
    '- One seed. The brackets say what other random numbers could change; they are wide under bursty traffic.',
    '- A bisection takes for granted that a smaller load is the easier one; it does not look for loads that hold above one that fails.',
    '- Nothing was measured on a chip. What the hardware model leaves out is in [hardware.md](hardware.md).',
    '- The next layer’s weights are not fetched while this one computes, which flatters neither side but makes streaming networks (BERT-large, GNMT) slower than they need be.',
    '- GPT-2 is in the library and not here: it has no server limit and no published int8 accuracy.',
  ].join('\n')}\n`;
}
