import type { PromptHashes } from '../../../design/index.ts';
import type { PromptBlocks } from '../../sequences/index.ts';

/**
 * The full KV blocks of the first requests of a trace, from the hashes in the trace. A KV block is found if the hash of the block that
 * contains its last token is equal: so it is never shared by mistake, and at most one block of the trace is missed at the end of a prefix.
 */
export function promptBlocksOf(
  { identities, starts, blockTokens }: PromptHashes,
  inputTokens: Int32Array,
  kvBlockTokens: number,
): PromptBlocks {
  const count = inputTokens.length;
  /** The places of KV blocks whose last token is in one block of the trace. */
  const places = Math.ceil(blockTokens / kvBlockTokens);
  const blockStarts = new Int32Array(count + 1);
  const covered = (request: number) => {
    const hashes = (starts[request + 1] ?? 0) - (starts[request] ?? 0);
    const tokens = Math.min(inputTokens[request] ?? 0, hashes * blockTokens);
    return Math.floor(tokens / kvBlockTokens);
  };
  for (let r = 0; r < count; r++) blockStarts[r + 1] = (blockStarts[r] ?? 0) + covered(r);
  const found = new Int32Array(blockStarts[count] ?? 0);
  for (let r = 0; r < count; r++) {
    const first = blockStarts[r] ?? 0;
    const blocks = (blockStarts[r + 1] ?? 0) - first;
    for (let block = 0; block < blocks; block++) {
      const hash = Math.floor(((block + 1) * kvBlockTokens - 1) / blockTokens);
      // The first KV block whose last token is in this block of the trace.
      const start = Math.ceil((hash * blockTokens + 1) / kvBlockTokens) - 1;
      found[first + block] = (identities[(starts[r] ?? 0) + hash] ?? 0) * places + (block - start);
    }
  }
  return { identities: found, starts: blockStarts };
}
