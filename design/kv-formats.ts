import type { Mode } from './cost.ts';
import type { Npu } from './npu.ts';
import { bytesPerElement, type StoredFormat } from './number-format.ts';
import { type AccuracyKey, accuracyKeyOf, cacheFormat } from './operating-mode.ts';
import type { Serve } from './scenario.ts';
import { servesSequences } from './sequence-serves.ts';
import type { SequenceServing } from './sequences.ts';

/**
 * The formats in which the steps of each mode write keys and values. Blocks keep them. Both are equal unless the serve states a format for burst
 * mode, or burst mode states one and the serve states none.
 */
export function writtenFormats(kv: SequenceServing['kv'], npu: Npu): Readonly<Record<Mode, StoredFormat>> {
  const base = kv.format ?? cacheFormat(npu.base);
  const ofMode = kv.format === undefined ? npu.burst?.cachedKeys : undefined;
  return { base, burst: kv.burst ?? ofMode ?? base };
}

/**
 * The name of the accuracy of a serve in a mode. A language model whose cache has fewer bits than the mode states needs an accuracy for these bits.
 * More bits count as those of the mode (our assumption: they are at least as accurate).
 */
export function servedAccuracyKey(serve: Serve, npu: Npu, mode: Mode): AccuracyKey {
  const own = mode === 'burst' && npu.burst !== null ? npu.burst : npu.base;
  if (!servesSequences(serve)) return accuracyKeyOf(own);
  const cachedKeys = writtenFormats(serve.sequences.kv, npu)[mode];
  return accuracyKeyOf(bytesPerElement(cachedKeys) < bytesPerElement(cacheFormat(own)) ? { ...own, cachedKeys } : own);
}
