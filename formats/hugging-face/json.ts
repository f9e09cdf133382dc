/** A value of a JSON text with its place. */
export type JsonValue = JsonLeaf | JsonList | JsonObject;

export interface JsonLeaf {
  readonly kind: 'leaf';
  readonly value: string | number | boolean | null;
  readonly start: number;
  readonly end: number;
}

export interface JsonList {
  readonly kind: 'list';
  readonly items: readonly JsonValue[];
  readonly start: number;
  readonly end: number;
}

export interface JsonObject {
  readonly kind: 'object';
  /** If a key occurs twice, the last value counts, as in JSON.parse and in Python. */
  readonly entries: ReadonlyMap<string, JsonValue>;
  readonly start: number;
  readonly end: number;
}

/** What prevents reading, and where. */
export interface JsonProblem {
  readonly kind: 'problem';
  readonly expected: string;
  readonly at: number;
}

/** Our assumption: configurations have three levels. The limit keeps the reader off the end of the stack. */
const deepest = 64;

/** Reads a JSON text. NaN and Infinity are accepted, because Python writes them. Places count from the start of `text`. */
export function parseJson(text: string): JsonValue | JsonProblem {
  const reader = new JsonReader(text);
  const value = reader.value(0);
  return reader.problem ?? reader.rest() ?? value;
}

const words: ReadonlyMap<string, boolean | number | null> = new Map<string, boolean | number | null>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

const nothing: JsonLeaf = { kind: 'leaf', value: null, start: 0, end: 0 };

class JsonReader {
  problem: JsonProblem | undefined;
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
    if (text.startsWith('\uFEFF')) this.at = 1;
  }

  value(depth: number): JsonValue {
    this.skip();
    const start = this.at;
    const first = this.text[start];
    if (depth > deepest) return this.fail(`at most ${deepest} levels`);
    if (first === '{') return this.object(start, depth);
    if (first === '[') return this.list(start, depth);
    if (first === '"') {
      const value = this.string();
      return value === undefined ? nothing : { kind: 'leaf', value, start, end: this.at };
    }
    return this.word(start);
  }

  /** A problem if something follows the value. */
  rest(): JsonProblem | undefined {
    this.skip();
    if (this.at < this.text.length) this.fail('the end of the file');
    return this.problem;
  }

  private object(start: number, depth: number): JsonValue {
    const entries = new Map<string, JsonValue>();
    this.at++;
    while (!this.ends('}', entries.size === 0)) {
      this.skip();
      if (this.text[this.at] !== '"') return this.fail('a name in double quotes');
      const name = this.string();
      if (name === undefined || !this.take(':')) return this.fail("':'");
      entries.set(name, this.value(depth + 1));
      if (this.problem !== undefined) return nothing;
    }
    if (this.problem !== undefined) return nothing;
    return { kind: 'object', entries, start, end: this.at };
  }

  private list(start: number, depth: number): JsonValue {
    const items: JsonValue[] = [];
    this.at++;
    while (!this.ends(']', items.length === 0)) {
      items.push(this.value(depth + 1));
      if (this.problem !== undefined) return nothing;
    }
    if (this.problem !== undefined) return nothing;
    return { kind: 'list', items, start, end: this.at };
  }

  /** Whether a list or an object ends here. Otherwise it takes the comma before the next item. */
  private ends(bracket: string, isFirst: boolean): boolean {
    if (this.problem !== undefined || this.take(bracket)) return true;
    if (isFirst || this.take(',')) return false;
    this.fail(`',' or '${bracket}'`);
    return true;
  }

  private string(): string | undefined {
    const start = this.at;
    let end = start + 1;
    while (end < this.text.length && this.text[end] !== '"' && this.text[end] !== '\n') {
      end += this.text[end] === '\\' ? 2 : 1;
    }
    if (this.text[end] !== '"') {
      this.fail('a closing double quote');
      return undefined;
    }
    this.at = end + 1;
    try {
      return String(JSON.parse(this.text.slice(start, this.at)));
    } catch {
      this.at = start;
      this.fail('a text without control characters and unknown escapes');
      return undefined;
    }
  }

  private word(start: number): JsonValue {
    const [found = ''] = /^[-+.\w]*/u.exec(this.text.slice(start, start + 400)) ?? [];
    const end = start + found.length;
    const known = words.get(found);
    const isNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/u.test(found);
    if (known === undefined && !isNumber) return this.fail('a value');
    this.at = end;
    return { kind: 'leaf', value: isNumber ? Number(found) : (known ?? null), start, end };
  }

  private take(mark: string): boolean {
    this.skip();
    if (this.text[this.at] !== mark) return false;
    this.at++;
    return true;
  }

  private skip(): void {
    while (' \t\r\n'.includes(this.text[this.at] ?? '.')) this.at++;
  }

  private fail(expected: string): JsonLeaf {
    this.problem ??= { kind: 'problem', expected, at: Math.min(this.at, this.text.length) };
    return nothing;
  }
}
