import type { GraphNode } from './graph.ts';

/** The domain of operators that ONNX Runtime turned to images with channels last, in models that it saves after its optimization. */
export const channelsLastDomain = 'com.ms.internal.nhwc';

/** Whether a node reads images with their channels last: N x H x W x C. */
export function hasChannelsLast({ operator, domain, attributes }: GraphNode): boolean {
  return domain === channelsLastDomain || operator.startsWith('Nhwc') || attributes.get('channels_last')?.integer === 1;
}
