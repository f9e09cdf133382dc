import { type Caveat, exploredVerdicts } from '../design/index.ts';
import { caveatFields, readCaveat } from '../formats/index.ts';

/** The result of one design, without its number, which depends on the exploration. */
export interface StoredResult {
  readonly verdict: number;
  readonly measures: readonly number[];
  readonly problem: string | null;
  readonly caveats: readonly Caveat[];
  readonly statedInputs: readonly string[];
}

/** Where results survive the end of the server. `write` gets the whole text, and '' removes it. */
export interface KeptText {
  read(): Promise<string>;
  write(text: string): void;
}

/** The largest size of the stored text: 20,000 designs with two goals. Our assumption. */
export const mostKeptCharacters = 4_000_000;

/**
 * Results as JSON lines, the ones used last first, as many as there is room for. `owner` is the first line: the program that computed them. Another
 * version may compute other results, so it does not read them.
 */
export function textOfResults(results: ReadonlyMap<string, StoredResult>, owner: string): string {
  const lines = [JSON.stringify(owner)];
  let room = mostKeptCharacters;
  for (const [key, { verdict, measures, problem, caveats, statedInputs }] of [...results].reverse()) {
    // JSON has no NaN, which is a design without a value. Any other value that JSON cannot write would be changed.
    if (measures.some((value) => Math.abs(value) === Number.POSITIVE_INFINITY)) continue;
    const line = JSON.stringify([key, verdict, measures, problem, caveats.map(caveatFields), statedInputs]);
    room -= line.length + 1;
    if (room < 0) break;
    lines.push(line);
  }
  return lines.length === 1 ? '' : `${lines.join('\n')}\n`;
}

/** The results of `textOfResults`, the ones used last at the end. Ignores the lines of another owner and everything damaged. */
export function readResultLines(text: string, owner: string): readonly (readonly [string, StoredResult])[] {
  const [first, ...lines] = text.split('\n');
  if (first !== JSON.stringify(owner)) return [];
  return lines.flatMap((line) => resultOf(line)).reverse();
}

function resultOf(line: string): readonly (readonly [string, StoredResult])[] {
  let fields: unknown;
  try {
    fields = JSON.parse(line);
  } catch {
    return [];
  }
  if (!Array.isArray(fields)) return [];
  const [key, verdict, measures, problem, written, statedInputs] = fields as readonly unknown[];
  if (typeof key !== 'string' || typeof verdict !== 'number' || exploredVerdicts[verdict] === undefined) return [];
  if (!isListOf(measures, (one): one is number | null => one === null || typeof one === 'number')) return [];
  if ((problem !== null && typeof problem !== 'string') || !Array.isArray(written)) return [];
  if (!isListOf(statedInputs, (one): one is string => typeof one === 'string')) return [];
  const caveats = written.flatMap((one) => readCaveat(one) ?? []);
  // A result without one of its caveats would claim too much.
  if (caveats.length < written.length) return [];
  return [[key, { verdict, measures: measures.map((one) => one ?? Number.NaN), problem, caveats, statedInputs }]];
}

function isListOf<T>(value: unknown, isOne: (one: unknown) => one is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isOne);
}
