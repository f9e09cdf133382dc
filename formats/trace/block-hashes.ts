import type { PromptHashes } from '../../design/index.ts';
import { traceMessages } from '../messages/index.ts';
import { BlockSizes } from './block-sizes.ts';
import { GrowingColumn } from './growing-column.ts';
import type { TraceRecord } from './records.ts';
import type { Finding } from './trace.ts';

/*
 * Block hashes of prompts: a list for each request, in which each element identifies the tokens of a block and all tokens before it. Equal
 * elements are a shared prefix. Elements are whole numbers or quoted texts, and are compared as they are written. Mooncake's traces have them as
 * `hash_ids`, for blocks of 512 tokens.
 */

/** The hashes that a run can use, and what was guessed or left out. */
export interface BlockHashesReading {
  readonly hashes?: PromptHashes;
  readonly finding?: Finding;
}

/** The most different elements: a `Map` can have no more entries. */
const mostIdentities = 2 ** 24 - 1;

/** Collects the lists of the rows. */
export class BlockHashes {
  private readonly starts = new GrowingColumn();
  private readonly ids = new GrowingColumn();
  private readonly numbers = new Map<string, number>();
  /** Why the lists are not used. undefined as long as all of them are understood. */
  private problem: string | undefined;

  /** Adds the list of a row: `[46, 47]` or `["a0", "a1"]`. A row without one has no hashes. */
  add(record: TraceRecord, cell: number): void {
    this.starts.push(this.ids.length);
    if (cell >= record.count || this.problem !== undefined) return;
    for (const [element] of inBrackets(record.text(cell)).matchAll(elements)) {
      if (!isIdentity.test(element))
        this.problem = `line ${record.line} has a hash that is neither a whole number nor a text in quotes`;
      else if (!this.numbers.has(element) && this.numbers.size >= mostIdentities)
        this.problem = `the trace has more than ${mostIdentities} different hashes`;
      if (this.problem !== undefined) return;
      this.ids.push(this.numberOf(element));
    }
  }

  /** The lists in the given order of the rows. `statedTokens`: the size of a block that the `.npu` file states. */
  done(
    promptTokens: Float64Array | undefined,
    order: Uint32Array | undefined,
    statedTokens: number | undefined,
  ): BlockHashesReading {
    const { problem } = this;
    if (problem !== undefined) return unused(problem, 'Correct the trace');
    if (promptTokens === undefined || this.ids.length === 0) return {};
    const rows = this.starts.length;
    this.starts.push(this.ids.length);
    const [starts, ids] = [this.starts.done(), this.ids.done()];
    const sizes = new BlockSizes();
    let misfits = 0;
    for (let row = 0; row < rows; row++) {
      const [tokens, length] = [promptTokens[row] ?? Number.NaN, (starts[row + 1] ?? 0) - (starts[row] ?? 0)];
      sizes.add(tokens, length);
      const blocks = tokens / (statedTokens ?? Number.NaN);
      if (length !== Math.ceil(blocks) && length !== Math.floor(blocks)) misfits++;
    }
    if (statedTokens !== undefined) {
      if (misfits === 0) return { hashes: inOrder(starts, ids, order, statedTokens) };
      const why = `blocks of ${statedTokens} tokens do not explain how many hashes ${misfits} of ${rows} prompts have`;
      return unused(why, 'Correct the size or the trace');
    }
    if (sizes.only !== undefined) return { hashes: inOrder(starts, ids, order, sizes.only) };
    if (sizes.isEmpty)
      return unused('no size of a block explains how many hashes all prompts have', 'Correct the trace');
    // No two prompts share a block, for any size of the blocks.
    if (this.numbers.size === ids.length) return {};
    const guess = sizes.onlyPowerOfTwo;
    if (guess === undefined)
      return unused(
        `blocks of ${sizes.text} tokens all explain how many hashes each prompt has`,
        'State the size: trace("FILE", block: N tokens)',
      );
    return {
      hashes: inOrder(starts, ids, order, guess),
      finding: { message: traceMessages.guessedBlock({ guess, sizes: sizes.text }), effect: { kind: 'any' } },
    };
  }

  private numberOf(element: string): number {
    const known = this.numbers.get(element);
    if (known !== undefined) return known;
    const number = this.numbers.size;
    this.numbers.set(element, number);
    return number;
  }
}

/** The elements of a list: texts in quotes, or anything else without blanks and commas. */
const elements = /"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[^\s,"']+/gsu;
const isIdentity = /^(?:-?\d+|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')$/su;

function inBrackets(text: string): string {
  return text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
}

function unused(why: string, remedy: string): BlockHashesReading {
  return { finding: { message: traceMessages.unusedHashes({ why, remedy }), effect: { kind: 'any' } } };
}

function inOrder(
  starts: Float64Array,
  ids: Float64Array,
  order: Uint32Array | undefined,
  blockTokens: number,
): PromptHashes {
  const rows = starts.length - 1;
  const identities = new Uint32Array(ids.length);
  const sortedStarts = new Uint32Array(rows + 1);
  // Numbered again, as the elements first occur in this order.
  const numbers = new Uint32Array(ids.length);
  let [known, next] = [0, 0];
  for (let place = 0; place < rows; place++) {
    const row = order === undefined ? place : (order[place] ?? 0);
    const [start, end] = [starts[row] ?? 0, starts[row + 1] ?? 0];
    sortedStarts[place] = next;
    for (let at = start; at < end; at++) {
      const id = ids[at] ?? 0;
      // 0 means that the element has no number yet.
      if (numbers[id] === 0) numbers[id] = ++known;
      identities[next++] = (numbers[id] ?? 1) - 1;
    }
  }
  sortedStarts[rows] = next;
  return { identities, starts: sortedStarts, blockTokens };
}
