import { type Caveat, type Diagnostic, diagnosticAt, type Message, type Origin } from '../../design/index.ts';
import { huggingFaceMessages } from '../messages/index.ts';
import type { JsonObject, JsonValue } from './json.ts';

/** Returns the place of a part of the file, or of the statement that imports it. */
export type Locate = (start: number, end: number) => Origin;

/** Largest values of a configuration. Our assumption: ten times the largest published models. */
export const largest = { layers: 1000, size: 2 ** 24, experts: 4096 } as const;

/** Reads values of a configuration and reports the ones that cannot be right. After an error, `isBroken` is true and values are 1. */
export class ConfigReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly caveats: Caveat[] = [];
  isBroken = false;
  private readonly object: JsonObject;
  private readonly file: string;
  private readonly locate: Locate;

  constructor(object: JsonObject, file: string, locate: Locate) {
    this.object = object;
    this.file = file;
    this.locate = locate;
  }

  /** Whether the file states the key with a value. */
  has(key: string): boolean {
    const value = this.object.entries.get(key);
    return value !== undefined && !(value.kind === 'leaf' && value.value === null);
  }

  /** Whether the file has the key, perhaps with null. */
  mentions(key: string): boolean {
    return this.object.entries.has(key);
  }

  /** A whole number from 1. Without `fallback`, the key is required. */
  size(key: string, fallback?: number, most: number = largest.size): number {
    if (!this.has(key)) {
      if (fallback === undefined) this.fail(undefined, huggingFaceMessages.missing({ file: this.file, key }));
      return fallback ?? 1;
    }
    const value = this.object.entries.get(key);
    const number = value?.kind === 'leaf' ? value.value : undefined;
    if (typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= most) return number;
    this.wrong(key, `a whole number from 1 to ${most.toLocaleString('en')}`);
    return 1;
  }

  /** As `size`, but undefined if the file states no value. */
  optionalSize(key: string): number | undefined {
    return this.has(key) ? this.size(key) : undefined;
  }

  /** A whole number from 0. */
  index(key: string, fallback: number): number {
    const value = this.object.entries.get(key);
    return value?.kind === 'leaf' && value.value === 0 ? 0 : this.size(key, fallback);
  }

  flag(key: string, fallback: boolean): boolean {
    if (!this.has(key)) return fallback;
    const value = this.object.entries.get(key);
    if (value?.kind === 'leaf' && typeof value.value === 'boolean') return value.value;
    this.wrong(key, 'true or false');
    return fallback;
  }

  text(key: string): string | undefined {
    if (!this.has(key)) return undefined;
    const value = this.object.entries.get(key);
    if (value?.kind === 'leaf' && typeof value.value === 'string') return value.value;
    this.wrong(key, 'a text');
    return undefined;
  }

  /** Texts of a list. undefined if the file has none. */
  texts(key: string): readonly string[] | undefined {
    if (!this.has(key)) return undefined;
    const value = this.object.entries.get(key);
    const items = value?.kind === 'list' ? value.items : [];
    const texts = items.flatMap((item) => (item.kind === 'leaf' && typeof item.value === 'string' ? [item.value] : []));
    if (value?.kind === 'list' && texts.length === items.length) return texts;
    this.wrong(key, 'a list of texts');
    return undefined;
  }

  /** Whole numbers from 0 of a list. Empty if the file has none. */
  indices(key: string): readonly number[] {
    if (!this.has(key)) return [];
    const value = this.object.entries.get(key);
    const items = value?.kind === 'list' ? value.items : [];
    const found = items.flatMap((item) => (item.kind === 'leaf' && typeof item.value === 'number' ? [item.value] : []));
    if (value?.kind === 'list' && found.length === items.length && found.every(Number.isInteger)) return found;
    this.wrong(key, 'a list of whole numbers');
    return [];
  }

  /** An object inside the configuration. */
  part(key: string): JsonObject | undefined {
    const value = this.object.entries.get(key);
    return value?.kind === 'object' ? value : undefined;
  }

  wrong(key: string, expected: string): void {
    this.fail(this.object.entries.get(key), huggingFaceMessages.wrong({ file: this.file, key, expected }));
  }

  /** Two values that contradict each other; the place is that of the first key. */
  contradiction(key: string, message: Message): void {
    this.fail(this.object.entries.get(key), message);
  }

  fail(value: JsonValue | undefined, message: Message): void {
    this.isBroken = true;
    const { start, end } = value ?? this.object;
    this.diagnostics.push(diagnosticAt(this.locate(start, value === undefined ? start + 1 : end), message));
  }

  /** Reports what is left out or estimated, and adds it to the model. */
  caveat(key: string, message: Message<'hugging-face-approximated'>, effect: Caveat['effect']): void {
    const value = this.object.entries.get(key) ?? this.object;
    const origin = this.locate(value.start, value === this.object ? value.start + 1 : value.end);
    this.diagnostics.push(diagnosticAt(origin, message));
    this.caveats.push({ code: message.code, origin, text: message.text, effect });
  }
}
