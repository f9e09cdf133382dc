import type { Model, Serve } from '../../design/index.ts';

/** The largest batch of each model over all its serves. */
export function largestBatches(models: readonly Model[], serves: readonly Serve[]): readonly number[] {
  return models.map((model) => Math.max(...serves.map((serve) => (serve.model === model ? serve.batch.maxSize : 1))));
}
