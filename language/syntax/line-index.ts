/** A place in a text as editors say it: both from 0, `character` in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Turns offsets into lines and back. A line ends with \n, \r\n or \r. */
export class LineIndex {
  private readonly text: string;
  private readonly starts: Uint32Array;

  constructor(text: string) {
    let count = 1;
    for (let i = 0; i < text.length; i++) if (endsLine(text, i)) count++;
    this.starts = new Uint32Array(count);
    this.text = text;
    let line = 1;
    for (let i = 0; i < text.length; i++) if (endsLine(text, i)) this.starts[line++] = i + 1;
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

/** Whether the line break at `index` is complete: the \r of \r\n is not its end. */
function endsLine(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code === 0x0a || (code === 0x0d && text.charCodeAt(index + 1) !== 0x0a);
}
