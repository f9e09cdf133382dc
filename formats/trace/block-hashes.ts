import type { PromptHashes } from '../../design/index.ts';
import { GrowingColumn } from './growing-column.ts';
import type { TraceRecord } from './records.ts';

/*
 * Block hashes of prompts: a list of numbers for each request, in which each number identifies the tokens of a block and all tokens before it.
 * Equal numbers are a shared prefix. Mooncake's traces have them as `hash_ids`, for blocks of 512 tokens.
 */

/** Collects the lists of the rows. */
export class BlockHashes {
  private readonly starts = new GrowingColumn();
  private readonly ids = new GrowingColumn();

  /** Adds the list of a row: "[46, 47]". A row without one has no hashes. */
  add({ bytes, starts, ends, count }: TraceRecord, cell: number): void {
    this.starts.push(this.ids.length);
    if (cell >= count) return;
    const end = ends[cell] ?? 0;
    let number = -1;
    for (let at = starts[cell] ?? 0; at < end; at++) {
      const digit = (bytes[at] ?? 0) - 0x30;
      if (digit >= 0 && digit <= 9) number = (number < 0 ? 0 : number * 10) + digit;
      else if (number >= 0) {
        this.ids.push(number);
        number = -1;
      }
    }
    if (number >= 0) this.ids.push(number);
  }

  /**
   * The lists in the given order of the rows, with the size of a block. undefined: no size explains the lengths of all lists, or several do.
   * So the size is never guessed.
   */
  done(promptTokens: Float64Array | undefined, order: Uint32Array | undefined): PromptHashes | undefined {
    const rows = this.starts.length;
    if (promptTokens === undefined || this.ids.length === 0) return undefined;
    this.starts.push(this.ids.length);
    const [starts, ids] = [this.starts.done(), this.ids.done()];
    const lengthOf = (row: number) => (starts[row + 1] ?? 0) - (starts[row] ?? 0);
    const fits = (size: number) => {
      for (let row = 0; row < rows; row++) {
        const blocks = (promptTokens[row] ?? Number.NaN) / size;
        const length = lengthOf(row);
        if (length !== Math.ceil(blocks) && length !== Math.floor(blocks)) return false;
      }
      return true;
    };
    const [size, ...others] = sizes.filter(fits);
    if (size === undefined || others.length > 0) return undefined;
    const numbers = new Map<number, number>();
    const identities = new Uint32Array(ids.length);
    const sortedStarts = new Uint32Array(rows + 1);
    let next = 0;
    for (let place = 0; place < rows; place++) {
      const row = order === undefined ? place : (order[place] ?? 0);
      sortedStarts[place] = next;
      for (let at = starts[row] ?? 0; at < (starts[row + 1] ?? 0); at++) {
        const id = ids[at] ?? 0;
        let number = numbers.get(id);
        if (number === undefined) {
          number = numbers.size;
          numbers.set(id, number);
        }
        identities[next++] = number;
      }
    }
    sortedStarts[rows] = next;
    return { identities, starts: sortedStarts, blockTokens: size };
  }
}

/** Sizes of blocks that engines use: powers of two. */
const sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096];
