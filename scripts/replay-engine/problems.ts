/** A problem in a file of a recording, with its place. Line 0: the whole file. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Reads text without throwing. Collects the problems, up to a number that a person can read. */
export class Problems {
  readonly list: Problem[] = [];
  private static readonly most = 20;

  add(file: string, line: number, message: string): void {
    if (this.list.length < Problems.most) this.list.push({ file, line, message });
    else if (this.list.length === Problems.most) {
      this.list.push({ file, line: 0, message: `more than ${Problems.most} problems. Fix these first.` });
    }
  }

  get isEmpty(): boolean {
    return this.list.length === 0;
  }
}

export function problemText({ file, line, message }: Problem): string {
  return line > 0 ? `${file}:${line}: ${message}` : `${file}: ${message}`;
}

/** A value of a file in a message: short, on one line, and without control characters. */
export function shown(value: unknown): string {
  const text =
    value === undefined
      ? 'nothing'
      : typeof value === 'string'
        ? `'${value}'`
        : (JSON.stringify(value) ?? String(value));
  const plain = text.replace(/[\p{Cc}\p{Cf}]/gu, ' ');
  return plain.length > 60 ? `${plain.slice(0, 57)}...` : plain;
}
