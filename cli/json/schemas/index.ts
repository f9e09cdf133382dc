import { exploredVerdicts } from '../../../design/index.ts';
import { effects } from '../../diff/changes.ts';
import type { Properties, Schema } from '../schema.ts';
import {
  caveat,
  diagnostic,
  flag,
  integer,
  keys,
  known,
  list,
  nullable,
  number,
  object,
  objective,
  oneOf,
  scenario,
  text,
  textOrNull,
  texts,
  verdict,
} from './parts.ts';

const diagnostics: Properties = { diagnostics: list(diagnostic) };

/** The keys of a file in the document of a run. A file that was not run has only the first ones. */
const runKeys: Properties = { file: text, verdict, scenarios: list(scenario) };

const load = object({ factor: number, offeredLoadRps: known, verdict, requests: integer });

const capacity = object(
  {
    ...keys(text, 'scenario', 'npu', 'scheduler'),
    met: nullable(load),
    violated: nullable(load),
    limit: nullable(object({ serve: text, slo: text, verdict })),
    exceptions: list(load),
    probes: list(load),
    caveats: list(caveat),
    statedInputs: texts,
  },
  { overload: object(keys(number, 'offeredRps', 'saturationRps'), { periodSeconds: number, inBursts: flag }) },
);

const layer = object(
  {
    ...keys(text, 'layer', 'kind', 'bound', 'explanation'),
    ...keys(number, 'm', 'n', 'k', 'groups', 'macs', 'parameters'),
    ...keys(number, ...['compute', 'vector', 'memory', 'hbm', 'quantize'].map((part) => `${part}Cycles`), 'cycles'),
    ...keys(number, 'utilization', 'hbmBytes', 'cmemBytes', 'vmemBytes', 'weightBytes'),
    ...keys(textOrNull, 'runnerUp', 'gainLimit'),
    ...keys(known, 'overRunnerUp', 'macsPerHbmByte', 'burstGain', 'energyJoules'),
    resident: flag,
  },
  { array: textOrNull },
);

const layers: Properties = {
  ...keys(text, 'file', 'model', 'npu'),
  mode: oneOf('base', 'burst'),
  ...keys(number, 'batch', 'cycles', 'latencySeconds', 'macs', 'parameters'),
  ...keys(known, 'ridgeMacsPerHbmByte', 'energyJoules'),
  layers: list(layer),
  assumptions: texts,
};

const exploration: Properties = {
  ...keys(text, 'file', 'exploration', 'scenario', 'npu', 'contentHash'),
  shard: nullable(object(keys(integer, 'index', 'count'))),
  axes: list(object({ path: text, values: list(object({ text, value: known })) })),
  goals: list(object({ sense: oneOf('maximize', 'minimize'), measure: text, key: text })),
  further: list(object({ measure: text, key: text })),
  search: nullable(object({ kind: text, budget: integer, seed: number })),
  constraints: list(object({ measure: text, limit: number, text })),
  ...keys(integer, 'designCount', 'triedCount'),
  asWritten: { type: ['integer', 'null'] },
  designs: list({
    ...object({
      design: integer,
      values: texts,
      verdict: oneOf(...exploredVerdicts),
      front: flag,
      caveats: texts,
      problem: textOrNull,
      seed: known,
      designHash: textOrNull,
    }),
    // One key for each measure, and those of the ends of its interval.
    additionalProperties: known,
  }),
  caveats: list(caveat),
  statedInputs: texts,
};

const side = object({ file: text, revision: textOrNull, commit: textOrNull });

const sideResult = nullable(
  object({
    ...keys(text, 'scenario', 'npu', 'scheduler'),
    seed: number,
    verdict,
    caveats: list(caveat),
    statedInputs: texts,
  }),
);

const diff: Properties = {
  before: side,
  after: side,
  ...keys(integer, 'worseCount', 'betterCount'),
  inputs: list(object({ path: text, before: textOrNull, after: textOrNull })),
  hasUnnamedChanges: flag,
  filesFromDisk: texts,
  scenarios: list(
    object({
      before: sideResult,
      after: sideResult,
      objectives: list(
        object({ serve: text, effect: oneOf(...effects), before: nullable(objective), after: nullable(objective) }),
      ),
    }),
  ),
};

const codeFacts: Properties = keys(text, 'code', 'severity', 'title');

/** The forms of the content of a document, by command. A document without a result has only its diagnostics, and perhaps the file. */
const contents = {
  check: [object({ files: texts, ...keys(integer, 'errorCount', 'warningCount') })],
  run: [
    object(runKeys),
    object({ verdict: nullable(verdict), files: list(object({ file: text, ...diagnostics }, runKeys)) }),
  ],
  layers: [object(layers)],
  capacity: [object({ file: text, scenarios: list(capacity) })],
  explore: [object(exploration)],
  merge: [object(exploration)],
  diff: [object(diff)],
  explain: [object({ codes: list(object(codeFacts)) }), object({ ...codeFacts, text })],
} as const satisfies Readonly<Record<string, readonly Schema[]>>;

export type DescribedCommand = keyof typeof contents;

export const describedCommands = Object.keys(contents) as readonly DescribedCommand[];

/**
 * The JSON Schema (draft 2020-12) of the document that a command prints with `--format json`. With exit code 0 or 1 the document has a
 * result. With any other, it may have only the reason, in its diagnostics.
 */
export function documentSchema(command: DescribedCommand): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `stimpack ${command} --format json`,
    ...object({
      schemaVersion: { const: 1 },
      command: { const: command },
      exitCode: { enum: [0, 1, 2, 3, 129, 130, 141, 143] },
      ...diagnostics,
    }),
    if: { properties: { exitCode: { enum: [0, 1] } } },
    // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema.
    then: { anyOf: contents[command] },
  };
}
