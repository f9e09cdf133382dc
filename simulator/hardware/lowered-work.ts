import type { AttentionCore } from './attention-timing.ts';
import type { Product } from './product.ts';

/** The work of one kind of layer, where it differs from the defaults of LoweredLayer. */
export interface Work {
  readonly products?: readonly Product[];
  readonly vectorOperations?: number;
  readonly otherParameters?: number;
  readonly weightElementsRead?: number;
  readonly cachedElements?: number;
  readonly overlapRows?: number;
  readonly attention?: AttentionCore;
}
