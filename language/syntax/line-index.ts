import { commonEnds } from './common-ends.ts';

/** A position in a text as in LSP: both numbers start at 0, and `character` counts UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Appends the offsets after the line ends in [from, to) to the known ones. */
function startsIn(text: string, from: number, to: number, starts: number[]): Uint32Array {
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    // In \r\n, the \n ends the line, not the \r.
    if (code === 0x0a || (code === 0x0d && text.charCodeAt(i + 1) !== 0x0a)) starts.push(i + 1);
  }
  return Uint32Array.from(starts);
}

function startsAfter(text: string, before: string, known: Uint32Array): Uint32Array {
  const { head, tail } = commonEnds(before, text);
  const delta = text.length - before.length;
  // Whether \r ends a line depends on the next character, so the last common character counts as changed.
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

/** The number of offsets below a limit, in an ascending list. */
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

/** Converts offsets to positions and back. A line ends with \n, \r\n or \r. */
export class LineIndex {
  private readonly text: string;
  private readonly starts: Uint32Array;

  /** `before`: the index of a text that differs a little. Its offsets are reused for the equal parts. */
  constructor(text: string, before?: LineIndex) {
    this.text = text;
    this.starts =
      before === undefined ? startsIn(text, 0, text.length, [0]) : startsAfter(text, before.text, before.starts);
  }

  get lineCount(): number {
    return this.starts.length;
  }

  /** Offset of the line's first character, or the end of the text for lines after the last one. */
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

  /** A character after the end of the line means the end of the line, as LSP requires. */
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
