import type { PromptBlocks, SequenceLimits, SequenceRequests } from './input.ts';
import type { KvBlocks } from './kv-blocks.ts';

/**
 * Which blocks a sequence can find again. Blocks of a prompt have stated identities. All other blocks (output, the end of a
 * prompt) are private: only their own request can find them, after a preemption. So private blocks get their identities
 * only when their sequence is preempted, which saves work in all other runs.
 */
export class PrefixCache {
  private readonly prompts: PromptBlocks | null;
  /** Full blocks at the start of each prompt that are equal in all requests. Their identities are their places. */
  private readonly commonBlocks: number;
  private readonly inputTokens: Int32Array;
  private readonly blocks: KvBlocks;
  private readonly blockTokens: number;
  private readonly enabled: boolean;
  /** Private identities are above all stated ones: firstPrivate + request x perRequest + block. */
  private readonly firstPrivate: number;
  private readonly perRequest: number;

  constructor(requests: SequenceRequests, limits: SequenceLimits, blocks: KvBlocks, perRequest: number) {
    this.prompts = requests.promptBlocks;
    this.inputTokens = requests.inputTokens;
    this.blocks = blocks;
    this.blockTokens = limits.blockTokens;
    this.enabled = limits.prefixCaching;
    this.perRequest = perRequest;
    this.commonBlocks = this.prompts === null ? Math.floor((requests.sharedTokens ?? 0) / limits.blockTokens) : 0;
    let largest = this.commonBlocks - 1;
    if (this.prompts !== null) for (const identity of this.prompts.identities) largest = Math.max(largest, identity);
    this.firstPrivate = largest + 1;
  }

  /**
   * The number of cached full blocks at the start of a request's tokens. The last token is always computed again, because
   * the step needs its result.
   */
  hits(request: number, tokens: number): number {
    if (!this.enabled) return 0;
    const most = Math.floor((tokens - 1) / this.blockTokens);
    let block = 0;
    while (block < most && this.blocks.find(this.identityOf(request, block)) >= 0) block++;
    return block;
  }

  /** Tokens at the start of a new prompt with `tokens` tokens that need no computation, as far as all prompts share them. */
  commonTokens(tokens: number): number {
    const { commonBlocks, blockTokens } = this;
    if (commonBlocks === 0 || !this.enabled || this.blocks.find(commonBlocks - 1) < 0) return 0;
    return blockTokens * Math.min(commonBlocks, Math.floor((tokens - 1) / blockTokens));
  }

  /** The free memory in the first `count` cached blocks. Using them makes it unavailable to others. */
  freeHits(request: number, count: number): number {
    let free = 0;
    for (let block = 0; block < count; block++) {
      const found = this.blocks.find(this.identityOf(request, block));
      if (this.blocks.isFree(found)) free += this.blocks.unitsOf(found);
    }
    return free;
  }

  /** Shares the first `count` cached blocks, and writes them into a block table. */
  shareInto(request: number, count: number, table: Int32Array, start: number): void {
    for (let block = 0; block < count; block++) {
      const found = this.blocks.find(this.identityOf(request, block));
      this.blocks.share(found);
      table[start + block] = found;
    }
  }

  /** Makes the full blocks of a prompt between two numbers of tokens findable, as far as their identities are stated. */
  rememberPrompt(request: number, table: Int32Array, start: number, fromTokens: number, toTokens: number): void {
    if (!this.enabled || (this.prompts === null && this.commonBlocks === 0)) return;
    const end = Math.min(Math.floor(toTokens / this.blockTokens), this.statedBlocks(request));
    for (let block = Math.floor(fromTokens / this.blockTokens); block < end; block++) {
      this.blocks.remember(table[start + block] as number, this.identityOf(request, block));
    }
  }

  /** Makes all full blocks of the first `tokens` tokens findable. */
  rememberAll(request: number, table: Int32Array, start: number, tokens: number): void {
    if (!this.enabled) return;
    const end = Math.floor(tokens / this.blockTokens);
    for (let block = 0; block < end; block++) {
      this.blocks.remember(table[start + block] as number, this.identityOf(request, block));
    }
  }

  /** Only full blocks of the prompt have stated identities. */
  private statedBlocks(request: number): number {
    const full = Math.floor((this.inputTokens[request] as number) / this.blockTokens);
    if (this.prompts === null) return Math.min(this.commonBlocks, full);
    const stated = (this.prompts.starts[request + 1] as number) - (this.prompts.starts[request] as number);
    return Math.min(stated, full);
  }

  private identityOf(request: number, block: number): number {
    if (block < this.commonBlocks && block < this.statedBlocks(request)) return block;
    if (this.prompts !== null && block < this.statedBlocks(request)) {
      return this.prompts.identities[(this.prompts.starts[request] as number) + block] as number;
    }
    return this.firstPrivate + request * this.perRequest + block;
  }
}
