import { commonEnds } from './common-ends.ts';

/** A place in a text as editors say it: both from 0, `character` in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Offsets behind the line ends in [from, to), after those that are known. */
function startsIn(text: string, from: number, to: number, starts: number[]): Uint32Array {
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    // The \r of \r\n does not end the line: the \n behind it does.
    if (code === 0x0a || (code === 0x0d && text.charCodeAt(i + 1) !== 0x0a)) starts.push(i + 1);
  }
  return Uint32Array.from(starts);
}

function startsAfter(text: string, before: string, known: Uint32Array): Uint32Array {
  const { head, tail } = commonEnds(before, text);
  const delta = text.length - before.length;
  // What ends a line may hang on the character behind it: the last one that is common counts as changed.
  const kept = Math.max(1, countBelow(known, head));
  const between = startsIn(text, Math.max(0, head - 1), text.length - tail, []);
  const behind = known.subarray(countBelow(known, before.length - tail + 1));
  const starts = new Uint32Array(kept + between.length + behind.length);
  starts.set(known.subarray(0, kept));
  starts.set(between, kept);
  const first = kept + between.length;
  for (let i = 0; i < behind.length; i++) starts[first + i] = (behind[i] as number) + delta;
  return starts;
}

/** How many of ascending offsets are below a limit. */
function countBelow(ascending: Uint32Array, limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Turns offsets into lines and back. A line ends with \n, \r\n or \r. */
export class LineIndex {
  private readonly text: string;
  private readonly starts: Uint32Array;

  /** `before` is that of a text that differs little: what it knows of the same stretches is taken from it. */
  constructor(text: string, before?: LineIndex) {
    this.text = text;
    this.starts =
      before === undefined ? startsIn(text, 0, text.length, [0]) : startsAfter(text, before.text, before.starts);
  }

  get lineCount(): number {
    return this.starts.length;
  }

  /** Offset of the line's first character; the end of the text for lines behind the last. */
  lineStart(line: number): number {
    return line < 0 ? 0 : (this.starts[line] ?? this.text.length);
  }

  positionAt(offset: number): Position {
    const clamped = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lineStart(middle) <= clamped) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: clamped - this.lineStart(low) };
  }

  /** A character beyond the line's end is its end, as LSP asks. */
  offsetAt(position: Position): number {
    if (position.line < 0) return 0;
    const start = this.lineStart(position.line);
    let end = this.lineStart(position.line + 1);
    if (position.line + 1 < this.starts.length) {
      end--;
      if (this.text.charCodeAt(end) === 0x0a && end > start && this.text.charCodeAt(end - 1) === 0x0d) end--;
    }
    return Math.max(start, Math.min(start + position.character, end));
  }
}
