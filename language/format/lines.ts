/** A line of the result: its code and the trailing comment. */
interface Line {
  code: string;
  trailing: string;
}

/** Trailing comments are aligned only after code up to this width. Our assumption: longer lines would push comments too far right. */
const maxAlignedWidth = 96;

/** Collects the formatted text, line by line. */
export class Lines {
  private readonly done: Line[] = [];
  private line: Line = { code: '', trailing: '' };
  private readonly indent: string;

  constructor(indent: string) {
    this.indent = indent;
  }

  /** Whether the current line is empty. */
  get isEmpty(): boolean {
    return this.line.code === '' && this.line.trailing === '';
  }

  get isFirst(): boolean {
    return this.done.length === 0 && this.isEmpty;
  }

  append(text: string, depth: number, space: boolean): void {
    if (this.line.code === '') this.line.code = this.indent.repeat(depth) + text;
    else this.line.code += (space ? ' ' : '') + text;
  }

  trail(comment: string): void {
    this.line.trailing = comment;
  }

  /** Ends the line. `blank` adds an empty line after it. */
  end(blank: boolean): void {
    this.done.push(this.line);
    if (blank) this.done.push({ code: '', trailing: '' });
    this.line = { code: '', trailing: '' };
  }

  finish(lineEnd: string): string {
    if (!this.isEmpty) this.end(false);
    this.align();
    return this.done
      .map((line) => (line.trailing === '' ? line.code : `${line.code} ${line.trailing}`) + lineEnd)
      .join('');
  }

  /** Aligns the trailing comments of adjacent lines in one column. */
  private align(): void {
    let from = 0;
    while (from < this.done.length) {
      let to = from;
      while (to < this.done.length && this.isAligned(this.done[to])) to++;
      const group = this.done.slice(from, to);
      const width = group.reduce((most, line) => Math.max(most, widthOf(line.code)), 0);
      for (const line of group) line.code += ' '.repeat(width - widthOf(line.code));
      from = to + 1;
    }
  }

  private isAligned(line: Line | undefined): boolean {
    return (
      line !== undefined && line.trailing !== '' && !line.code.includes('\n') && widthOf(line.code) <= maxAlignedWidth
    );
  }
}

/** The number of characters. A surrogate pair counts once. */
function widthOf(text: string): number {
  let width = 0;
  for (const _ of text) width++;
  return width;
}
