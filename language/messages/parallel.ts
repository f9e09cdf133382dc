import { listed, type MessageRegistry, message } from '../../design/index.ts';

/** Language models that are divided among several chips. */
export const parallelMessages = {
  notDivisible: message(
    'out-of-range',
    ({
      chips,
      model,
      layer,
      part,
      count,
      possible,
    }: {
      chips: number;
      model: string;
      layer: string;
      part: string;
      count: number;
      possible: readonly string[];
    }) =>
      `'tensor: ${chips}' divides the model '${model}' among ${chips} chips, but its layer '${layer}' has ${count} ${part}, and each chip needs the same number of them. Possible for this model: ${listed(possible)}.`,
  ),
  noLink: message(
    'missing-property',
    ({ npu, chips }: { npu: string; chips: number }) =>
      `npu '${npu}' has no link to other chips, so a network cannot be divided among ${chips} of them. Add 'link { bandwidth: 100 GB/s, latency: 1 us }' to the npu, or remove 'parallel'.`,
  ),
} satisfies MessageRegistry;
