/** A line of the result: its code, and the comment behind it. */
interface Line {
  code: string;
  trailing: string;
}

/** Code up to this width takes part in lining up the comments behind it. */
const maxAlignedWidth = 96;

/** Collects the formatted text, line by line. */
export class Lines {
  private readonly done: Line[] = [];
  private line: Line = { code: '', trailing: '' };
  private readonly indent: string;

  constructor(indent: string) {
    this.indent = indent;
  }

  /** Nothing stands on the current line yet. */
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

  /** Ends the line; `blank` leaves an empty one behind it. */
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

  /** Comments behind neighbouring lines stand in one column. */
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

/** Characters, astral ones counted once. */
function widthOf(text: string): number {
  let width = 0;
  for (const _ of text) width++;
  return width;
}
