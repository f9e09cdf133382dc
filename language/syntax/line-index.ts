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
    const starts = [0];
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      // The \r of \r\n does not end the line: the \n behind it does.
      if (code === 0x0a || (code === 0x0d && text.charCodeAt(i + 1) !== 0x0a)) starts.push(i + 1);
    }
    this.text = text;
    this.starts = Uint32Array.from(starts);
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
