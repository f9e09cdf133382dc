import { type Exploration, type ExplorationGoal, exploredVerdicts, type Origin } from '../../design/index.ts';
import type { ExploredDesigns } from '../../simulator/index.ts';
import { type ExploredFile, measureKeys, type Shard } from './exploration.ts';

/** What `explore --out` left in a file. */
export interface SavedExploration {
  readonly explored: ExploredFile;
  readonly exploration: Exploration;
  readonly asWritten: number;
  readonly part: ExploredDesigns;
}

type Fields = { readonly [key: string]: unknown };

const nowhere: Origin = { uri: '', start: 0, end: 0 };

/** Reads a document of `explore`; undefined where it is none. Never throws on what a file holds. */
export function readExploration(text: string): SavedExploration | undefined {
  const document = parsed(text);
  if (document === undefined || document.command !== 'explore') return undefined;
  const { file, exploration: name, scenario, npu, contentHash, asWritten } = document;
  const axes = list(document.axes).map((axis) => ({
    path: String(axis.path),
    origin: nowhere,
    values: list(axis.values).map(({ text, value }) => ({
      text: String(text),
      value: typeof value === 'number' ? value : null,
    })),
  }));
  const goals = list(document.goals).flatMap(({ sense, measure }): ExplorationGoal[] => {
    const known = Object.keys(measureKeys).find((one) => one === measure) as ExplorationGoal['measure'] | undefined;
    if (known === undefined || (sense !== 'maximize' && sense !== 'minimize')) return [];
    return [{ sense, measure: known, origin: nowhere }];
  });
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  const rows = list(document.designs).filter(({ design }) => isDesign(design, count));
  const isWhole =
    typeof file === 'string' &&
    typeof name === 'string' &&
    typeof scenario === 'string' &&
    typeof npu === 'string' &&
    typeof contentHash === 'string';
  if (!isWhole || axes.length === 0 || goals.length === 0 || count < 1) return undefined;
  const numbers = Uint32Array.from(rows, ({ design }) => Number(design));
  return {
    explored: { file, npu, hash: contentHash, shard: shardOf(document.shard) },
    exploration: { name, scenario, axes, goals, origin: nowhere },
    asWritten: isDesign(asWritten, count) ? Number(asWritten) : -1,
    part: {
      designs: numbers,
      measures: goals.map(({ measure }) =>
        Float64Array.from(rows, (row) => {
          const value = row[measureKeys[measure]];
          return typeof value === 'number' ? value : Number.NaN;
        }),
      ),
      verdicts: Uint8Array.from(rows, ({ verdict }) => {
        const known = exploredVerdicts.find((one) => one === verdict) ?? 'unbuilt';
        return exploredVerdicts.indexOf(known);
      }),
      problems: rows.flatMap(({ design, problem }) =>
        typeof problem === 'string' ? [{ design: Number(design), message: problem }] : [],
      ),
    },
  };
}

function parsed(text: string): Fields | undefined {
  try {
    return fieldsOf(JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function list(value: unknown): readonly Fields[] {
  return Array.isArray(value)
    ? value.flatMap((one: unknown): Fields[] => [fieldsOf(one)].filter((fields) => fields !== undefined))
    : [];
}

function isDesign(value: unknown, count: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < count;
}

function shardOf(value: unknown): Shard | null {
  const { index, count } = fieldsOf(value) ?? {};
  return typeof index === 'number' && typeof count === 'number' ? { index, count } : null;
}
