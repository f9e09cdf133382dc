import { product, type SampleAxis } from '../value.ts';

/*
 * A file can have a fixed first dimension N. If it counts requests, an operator never combines two of its samples. Otherwise the N samples
 * belong to one request: frames of a video, or tokens. The folder `samples` follows the axis of the samples through the whole graph, with
 * the dimensions of the file.
 */

/**
 * The place of the samples in the output of an operator. `combined`: the operator combines samples, or treats them differently. `lost`: it is not known.
 * Undefined: the output does not depend on the samples.
 */
export type Samples = SampleAxis | 'combined' | 'lost' | undefined;

export function isAxis(samples: Samples): samples is SampleAxis {
  return typeof samples === 'object';
}

export function isSameAxis(left: SampleAxis, right: SampleAxis): boolean {
  return left.axis === right.axis && left.outer === right.outer;
}

/** The place after a new axis. */
export function shifted(samples: SampleAxis, axis: number): SampleAxis {
  return axis <= samples.axis ? { ...samples, axis: samples.axis + 1 } : samples;
}

/** The place after another axis was removed. */
export function withoutAxis(samples: SampleAxis, axis: number): SampleAxis {
  return axis < samples.axis ? { ...samples, axis: samples.axis - 1 } : samples;
}

/** The place of the samples after a row-major view of `from` as `to`. A view that splits the samples over two dimensions combines them. */
export function viewedSamples(
  samples: SampleAxis,
  from: readonly number[],
  to: readonly number[],
  count: number,
): Samples {
  const before = product(from.slice(0, samples.axis)) * samples.outer;
  let size = 1;
  for (const [axis, dimension] of to.entries()) {
    const outer = before / size;
    if (Number.isInteger(outer) && dimension % (outer * count) === 0) return { axis, outer };
    size *= dimension;
  }
  return 'combined';
}
