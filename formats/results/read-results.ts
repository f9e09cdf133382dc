import {
  explorationLimits,
  exploredVerdicts,
  type Plan,
  type PlanAxis,
  type PlanGoal,
  planChoices,
  planSize,
  type ResultPart,
  type ResultRow,
  readMeasure,
  type Shard,
  searchKinds,
  textDigest,
} from '../../design/index.ts';
import { readCaveat } from './caveat-fields.ts';
import { formatName, resultsSchemaVersion, writtenKey } from './layout.ts';
import { readFigures } from './row-figures.ts';

/** The result of reading a file. `why` and `what` complete the sentence "FILE ...". */
export type ReadResults =
  | { readonly kind: 'part'; readonly part: ResultPart }
  /** The file starts like a results file, but it is cut off, changed or inconsistent. */
  | { readonly kind: 'damaged'; readonly why: string; readonly claim?: Claim }
  /** A results file of a program version with another layout. */
  | { readonly kind: 'other-version'; readonly what: string }
  /** Not a results file. */
  | { readonly kind: 'foreign' };

/** What the first line of a damaged file states. It may be wrong, so it is used only for advice. */
export type Claim = Pick<ResultPart, 'plan' | 'shard'>;

type Fields = { readonly [key: string]: unknown };

/**
 * Reads a results file and checks everything in it. The digest must agree with the text, and each row must fit the plan in the first line. It
 * never throws.
 */
export function readResults(text: string): ReadResults {
  const firstEnd = text.indexOf('\n');
  const head = parsed(firstEnd < 0 ? text : text.slice(0, firstEnd));
  if (head === undefined || head.format !== formatName) return older(text);
  if (head.schemaVersion !== resultsSchemaVersion)
    return {
      kind: 'other-version',
      what: `has another schema version than ${resultsSchemaVersion}: ${short(head.schemaVersion)}`,
    };
  const plan = planOf(head);
  const shard = shardOf(head.shard);
  const damaged = (why: string): ReadResults =>
    typeof plan === 'string' || shard === undefined
      ? { kind: 'damaged', why }
      : { kind: 'damaged', why, claim: { plan, shard } };
  const end = endOf(text);
  if (end === undefined) return damaged('is cut off: its last line is missing');
  if (end.digest !== textDigest(end.before)) return damaged('was changed: its digest does not agree with its text');
  if (typeof plan === 'string') return damaged(plan);
  if (shard === undefined) return damaged('has an impossible shard number');
  const caveats = listOf(head.caveats, readCaveat);
  if (caveats === undefined) return damaged('has a caveat that cannot be read');
  const statedInputs = textsOf(head.statedInputs);
  if (statedInputs === undefined) return damaged('has a stated input that is not a text');
  const rows: ResultRow[] = [];
  const lines = end.before.slice(firstEnd + 1).split('\n');
  lines.pop();
  for (const [index, line] of lines.entries()) {
    const row = rowOf(plan, shard, parsed(line));
    if (typeof row === 'string') return damaged(`has a row that does not fit (line ${index + 2}): ${row}`);
    rows.push(row);
  }
  if (rows.length !== end.rows)
    return damaged(`has ${rows.length} rows, and the count in its last line is ${short(end.rows)}`);
  if (new Set(rows.map(({ design }) => design)).size !== rows.length) return damaged('has two rows for one design');
  return {
    kind: 'part',
    part: {
      plan,
      shard,
      toolVersion: typeof head.toolVersion === 'string' ? head.toolVersion : '',
      caveats,
      statedInputs,
      rows,
    },
  };
}

/** The first version of the program wrote one JSON document for each part, without a version number and without a digest. */
function older(text: string): ReadResults {
  const start = text.slice(0, 200);
  if (!/^\s*\{\s*"schemaVersion":\s*\d+,\s*"command":\s*"explore"/u.test(start)) {
    return text.trim() === '' || start.includes(`"format":"${formatName}"`)
      ? { kind: 'damaged', why: 'is empty or cut off' }
      : { kind: 'foreign' };
  }
  if (parsed(text) === undefined) return { kind: 'damaged', why: 'is cut off: its JSON does not end' };
  return { kind: 'other-version', what: 'has the layout of an older version, which has no digest' };
}

interface End {
  /** The text before the last line. */
  readonly before: string;
  readonly rows: unknown;
  readonly digest: unknown;
}

function endOf(text: string): End | undefined {
  if (!text.endsWith('\n')) return undefined;
  const start = text.lastIndexOf('\n', text.length - 2) + 1;
  const last = parsed(text.slice(start));
  return last?.end === formatName ? { before: text.slice(0, start), rows: last.rows, digest: last.digest } : undefined;
}

/** The plan, or the reason why there is none. */
function planOf(head: Fields): Plan | string {
  const none = 'has a first line that describes no plan';
  const { file, exploration, scenario, npu, planHash: hash } = head;
  const axes = listOf(head.axes, axisOf);
  const goals = listOf(head.goals, goalOf);
  const further = measuresOf(head.further);
  const texts = [file, exploration, scenario, npu, hash];
  if (axes === undefined || goals === undefined || further === undefined || axes.length === 0 || goals.length === 0)
    return none;
  if (!texts.every((text) => typeof text === 'string')) return none;
  const size = planSize({ axes });
  const { axes: mostAxes, designs: mostValues, combinations: most } = explorationLimits;
  if (axes.length > mostAxes || size > most || axes.some(({ values }) => values.length > mostValues)) {
    const allowed = `${mostAxes} axes, ${mostValues} values of one axis and ${most} designs`;
    return `has a plan that no exploration can have: at most ${allowed} are allowed`;
  }
  const asWritten = head.asWritten;
  if (asWritten !== null && !isIndex(asWritten, size)) return none;
  const [fileText = '', explorationText = '', scenarioText = '', npuText = '', hashText = ''] = texts;
  return {
    file: fileText,
    exploration: explorationText,
    scenario: scenarioText,
    npu: npuText,
    hash: hashText,
    axes,
    goals,
    further,
    asWritten,
    ...searchFields(head.search),
  };
}

/** Empty if there is none, or if it cannot be read: then the plan has all designs. */
function searchFields(value: unknown): Pick<Plan, 'search'> {
  const { kind: written, budget, seed } = fieldsOf(value) ?? {};
  const kind = searchKinds.find((one) => one === written);
  if (kind === undefined || !Number.isSafeInteger(budget) || !Number.isSafeInteger(seed)) return {};
  return { search: { kind, budget: Math.max(1, Number(budget)), seed: Number(seed) } };
}

function axisOf({ path, values, numbers }: Fields): PlanAxis | undefined {
  if (typeof path !== 'string' || !Array.isArray(values) || !Array.isArray(numbers)) return undefined;
  const isWhole =
    values.length > 0 &&
    values.length === numbers.length &&
    values.every((value) => typeof value === 'string') &&
    numbers.every((number) => number === null || typeof number === 'number');
  return isWhole ? { path, values, numbers } : undefined;
}

function goalOf({ sense, measure }: Fields): PlanGoal | undefined {
  const known = typeof measure === 'string' ? readMeasure(measure) : undefined;
  return known !== undefined && (sense === 'maximize' || sense === 'minimize') ? { sense, measure: known } : undefined;
}

function measuresOf(value: unknown): Plan['further'] | undefined {
  const known = textsOf(value)?.map(readMeasure);
  return known?.every((measure) => measure !== undefined) === true ? known : undefined;
}

/** `explore --shard` accepts no larger number. */
const mostShards = 999_999;

/** Undefined if the value is neither a shard nor null, which means the whole plan. */
function shardOf(value: unknown): Shard | null | undefined {
  if (value === null) return null;
  const { index, count } = fieldsOf(value) ?? {};
  if (typeof index !== 'number' || typeof count !== 'number') return undefined;
  return Number.isInteger(index) && Number.isInteger(count) && index >= 1 && index <= count && count <= mostShards
    ? { index, count }
    : undefined;
}

/** The row, or the reason why it is not valid. */
export function rowOf(plan: Plan, shard: Shard | null, fields: Fields | undefined): ResultRow | string {
  if (fields === undefined) return 'it is not a JSON object';
  const { design, problem } = fields;
  if (!isIndex(design, planSize(plan))) return `its design is not part of the plan: ${short(design)}`;
  if (shard !== null && design % shard.count !== shard.index - 1) return `design ${design} belongs to another shard`;
  const choices = planChoices(plan, design);
  const wrong = plan.axes.findIndex(
    ({ path, values }, axis) => fields[writtenKey(path)] !== values[choices[axis] ?? 0],
  );
  if (wrong >= 0) return `design ${design} has another value of axis ${wrong + 1} in the plan`;
  const verdict = exploredVerdicts.find((one) => one === fields.verdict);
  if (verdict === undefined) return 'its verdict is unknown';
  const read = readFigures(plan, fields);
  if (typeof read === 'string') return read;
  if (problem !== null && typeof problem !== 'string') return 'its problem is not a text';
  const { measures, ...details } = read;
  return { design, verdict, measures, problem, details };
}

export function parsed(text: string): Fields | undefined {
  try {
    return fieldsOf(JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** Undefined if the value is not a list, or if `read` rejects one of its elements. */
export function textsOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((text): text is string => typeof text === 'string') ? value : undefined;
}

export function listOf<T>(value: unknown, read: (fields: Fields) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const found: T[] = [];
  for (const each of value) {
    const one = read(fieldsOf(each) ?? {});
    if (one === undefined) return undefined;
    found.push(one);
  }
  return found;
}

function isIndex(value: unknown, count: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < count;
}

/** An unchecked value for a message. The file can be any file of the machine, so no text of it is quoted. */
function short(value: unknown): string {
  return typeof value === 'number' ? String(value) : value === undefined ? 'missing' : 'not a number';
}
