/** A place in a text as editors say it: both from 0, `character` in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Turns offsets into lines and back. A line ends with \n, \r\n or \r. */
export class LineIndex {
  private readonly starts: Uint32Array;
  private readonly length: number;

  constructor(text: string) {
    let count = 1;
    for (let i = 0; i < text.length; i++) if (endsLine(text, i)) count++;
    this.starts = new Uint32Array(count);
    this.length = text.length;
    let line = 1;
    for (let i = 0; i < text.length; i++) if (endsLine(text, i)) this.starts[line++] = i + 1;
  }

  get lineCount(): number {
    return this.starts.length;
  }

  /** Offset of the line's first character; the end of the text for lines behind the last. */
  lineStart(line: number): number {
    return line < 0 ? 0 : (this.starts[line] ?? this.length);
  }

  positionAt(offset: number): Position {
    const clamped = Math.max(0, Math.min(offset, this.length));
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lineStart(middle) <= clamped) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: clamped - this.lineStart(low) };
  }

  offsetAt(position: Position): number {
    const start = this.lineStart(position.line);
    const next = this.lineStart(position.line + 1);
    return Math.max(start, Math.min(start + position.character, next));
  }
}

/** Whether the line break at `index` is complete: the \r of \r\n is not its end. */
function endsLine(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code === 0x0a || (code === 0x0d && text.charCodeAt(index + 1) !== 0x0a);
}
