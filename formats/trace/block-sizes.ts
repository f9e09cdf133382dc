/** Whole numbers from `least` to `most`. Empty if `most` is less. */
interface Range {
  readonly least: number;
  readonly most: number;
}

/**
 * The sizes of a block, in tokens, that explain how many blocks each prompt has. Either the lists of all rows include the last block if it is not full,
 * as Mooncake's do, or no list does.
 */
export class BlockSizes {
  private withPartial: Range = { least: 1, most: Number.POSITIVE_INFINITY };
  private fullOnly: Range = { least: 1, most: Number.POSITIVE_INFINITY };

  /** Leaves out the sizes that a prompt of so many tokens and blocks contradicts. */
  add(tokens: number, blocks: number): void {
    this.withPartial = both(this.withPartial, roundedUp(tokens, blocks));
    this.fullOnly = both(this.fullOnly, roundedDown(tokens, blocks));
  }

  get isEmpty(): boolean {
    return this.ranges.length === 0;
  }

  /** The size, if exactly one explains all rows. */
  get only(): number | undefined {
    const [first, second] = this.ranges;
    return second === undefined && first?.least === first?.most ? first?.least : undefined;
  }

  /** The power of two, if exactly one explains all rows. */
  get onlyPowerOfTwo(): number | undefined {
    const [size, ...others] = powersOfTwo.filter((power) =>
      this.ranges.some(({ least, most }) => least <= power && power <= most),
    );
    return others.length === 0 ? size : undefined;
  }

  /** "500 to 999": for messages. */
  get text(): string {
    return this.ranges
      .map(({ least, most }) =>
        most === Number.POSITIVE_INFINITY ? `${least} or more` : most === least ? `${least}` : `${least} to ${most}`,
      )
      .join(' or ');
  }

  /** In ascending order, and apart from each other: a size that counts only full blocks is never larger than one that counts all blocks. */
  private get ranges(): readonly Range[] {
    const [full, all] = [this.fullOnly, this.withPartial];
    const ranges = [full, all].filter(({ least, most }) => least <= most);
    if (ranges.length < 2 || full.most < all.least - 1) return ranges;
    return [{ least: Math.min(full.least, all.least), most: Math.max(full.most, all.most) }];
  }
}

/** Engines use no other powers of two. Our assumption. */
const powersOfTwo = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096];

const none: Range = { least: 1, most: 0 };

/** The sizes with ceil(tokens / size) = blocks. */
function roundedUp(tokens: number, blocks: number): Range {
  if (blocks === 0) return tokens === 0 ? { least: 1, most: Number.POSITIVE_INFINITY } : none;
  if (!(tokens > 0)) return none;
  const most = blocks === 1 ? Number.POSITIVE_INFINITY : Math.ceil(tokens / (blocks - 1)) - 1;
  return { least: Math.ceil(tokens / blocks), most };
}

/** The sizes with floor(tokens / size) = blocks. */
function roundedDown(tokens: number, blocks: number): Range {
  if (!(tokens >= 0)) return none;
  const most = blocks === 0 ? Number.POSITIVE_INFINITY : Math.floor(tokens / blocks);
  return { least: Math.floor(tokens / (blocks + 1)) + 1, most };
}

function both(one: Range, other: Range): Range {
  return { least: Math.max(one.least, other.least), most: Math.min(one.most, other.most) };
}
