import type { PromptBlocks } from '../../simulator/index.ts';
import { type Problems, shown } from './problems.ts';
import { type JsonObject, readJsonLines } from './tables.ts';

const FILE = 'requests.jsonl';
const BLOCKS_FILE = 'prompt-blocks.jsonl';

/** One request that an engine served. Times are in seconds on the clock of `arrivalSeconds`. */
export interface RecordedRequest {
  readonly id: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly arrivalSeconds: number;
  /** undefined: the engine did not serve the request to its end. It is replayed and not compared. */
  readonly firstTokenSeconds: number | undefined;
  readonly lastTokenSeconds: number | undefined;
}

interface Stamps {
  readonly line: number;
  readonly id: string;
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly arrival: number | undefined;
  /** On the clock of the engine. */
  readonly queued: number | undefined;
  readonly first: number | undefined;
  readonly last: number | undefined;
}

/**
 * Reads the requests in the order of their arrival. The engine stamps arrivals on one clock and all other events on another
 * one. `queued_ts` is stamped only between two steps, so the smallest difference of both is the difference of the clocks.
 */
export function readRequests(text: string, problems: Problems): readonly RecordedRequest[] {
  const lines = new Map<string, number>();
  const rows: Stamps[] = [];
  for (const { line, value } of readJsonLines(FILE, text, problems)) {
    const row = stampsOf(line, value, problems);
    if (row === undefined) continue;
    const earlier = lines.get(row.id);
    if (earlier !== undefined) problems.add(FILE, line, `the request_id ${shown(row.id)} is in line ${earlier} too.`);
    lines.set(row.id, line);
    rows.push(row);
  }
  if (rows.length === 0 && problems.isEmpty)
    problems.add(FILE, 0, 'no requests. Expected one JSON object in each line.');
  let difference = Number.POSITIVE_INFINITY;
  for (const { queued, arrival } of rows) {
    if (queued !== undefined && arrival !== undefined) difference = Math.min(difference, queued - arrival);
  }
  if (rows.length > 0 && difference === Number.POSITIVE_INFINITY) {
    problems.add(FILE, 0, "no request has 'queued_ts' or 'scheduled_ts', so the difference of the clocks is unknown.");
  }
  const requests = rows.map((row): RecordedRequest => {
    const { id, input = 0, output = 0, arrival = 0, first, last } = row;
    const isServed = first !== undefined && last !== undefined;
    return {
      id,
      inputTokens: input,
      outputTokens: output,
      arrivalSeconds: arrival,
      firstTokenSeconds: isServed ? first - difference : undefined,
      lastTokenSeconds: isServed ? last - difference : undefined,
    };
  });
  return requests.sort((a, b) => a.arrivalSeconds - b.arrivalSeconds);
}

function stampsOf(line: number, value: JsonObject, problems: Problems): Stamps | undefined {
  const before = problems.list.length;
  const stamp = (name: string): number | undefined => {
    const found = value[name];
    if (found === undefined || found === null) return undefined;
    if (typeof found === 'number' && Number.isFinite(found)) return found;
    problems.add(FILE, line, `'${name}' is ${shown(found)}. Expected a time in seconds.`);
    return undefined;
  };
  const tokens = (name: string): number | undefined => {
    const found = value[name];
    if (typeof found === 'number' && Number.isInteger(found) && found >= 1 && found < 2 ** 30) return found;
    problems.add(FILE, line, `'${name}' is ${shown(found)}. Expected a whole number, 1 or greater.`);
    return undefined;
  };
  const id = value.request_id;
  if (typeof id !== 'string' && typeof id !== 'number') {
    problems.add(FILE, line, `'request_id' is ${shown(id)}. Expected a text.`);
  }
  const arrival = stamp('arrival_time');
  if (arrival === undefined && problems.list.length === before) {
    problems.add(FILE, line, "'arrival_time' is missing. Expected a time in seconds.");
  }
  const row: Stamps = {
    line,
    id: String(id),
    input: tokens('input_toks'),
    output: tokens('output_toks'),
    arrival,
    queued: stamp('queued_ts') ?? stamp('scheduled_ts'),
    first: stamp('first_token_ts'),
    last: stamp('last_token_ts'),
  };
  if (row.first !== undefined && row.last !== undefined && row.last < row.first) {
    problems.add(FILE, line, `'last_token_ts' ${row.last} is before 'first_token_ts' ${row.first}.`);
  }
  return problems.list.length === before ? row : undefined;
}

/**
 * Reads the identities of the prompts' full blocks, in the order of `requests`. A request without a line shares no prefix.
 * Identities can be any numbers or texts: they get new numbers. A list that is too long is cut.
 */
export function readPromptBlocks(
  text: string,
  requests: readonly RecordedRequest[],
  blockTokens: number,
  problems: Problems,
): PromptBlocks {
  const byId = new Map<string, readonly unknown[]>();
  const ids = new Set(requests.map(({ id }) => id));
  for (const { line, value } of readJsonLines(BLOCKS_FILE, text, problems)) {
    const id = String(value.request_id);
    const blocks = value.block_ids;
    if (!ids.has(id)) problems.add(BLOCKS_FILE, line, `the request_id ${shown(id)} is not in ${FILE}.`);
    if (!Array.isArray(blocks) || blocks.some((one) => typeof one !== 'number' && typeof one !== 'string')) {
      problems.add(BLOCKS_FILE, line, `'block_ids' is ${shown(blocks)}. Expected a list of numbers.`);
      continue;
    }
    byId.set(id, blocks);
  }
  const numbers = new Map<unknown, number>();
  const identities: number[] = [];
  const starts = [0];
  for (const { id, inputTokens } of requests) {
    for (const block of (byId.get(id) ?? []).slice(0, Math.floor(inputTokens / blockTokens))) {
      const number = numbers.get(block) ?? numbers.size;
      numbers.set(block, number);
      identities.push(number);
    }
    starts.push(identities.length);
  }
  return { identities: Int32Array.from(identities), starts: Int32Array.from(starts) };
}
