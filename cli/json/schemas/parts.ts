import { activities, bounds, tokenCauseNames, type Verdict, verdictsWorstFirst } from '../../../design/index.ts';
import type { Properties, Schema } from '../schema.ts';

/* Parts that several documents have. docs/json.md explains each key; the schemas state its form. */

export const text: Schema = { type: 'string' };
export const number: Schema = { type: 'number' };
export const integer: Schema = { type: 'integer' };
export const flag: Schema = { type: 'boolean' };
/** null: it was not measured, the design does not provide it, or it is infinite. */
export const known: Schema = { type: ['number', 'null'] };
export const textOrNull: Schema = { type: ['string', 'null'] };
export const texts: Schema = { type: 'array', items: text };

export const oneOf = (...values: readonly string[]): Schema => ({ type: 'string', enum: values });
export const list = (items: Schema): Schema => ({ type: 'array', items });
export const nullable = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });

/** The same schema for each of these keys. */
export function keys(schema: Schema, ...names: readonly string[]): Properties {
  return Object.fromEntries(names.map((name) => [name, schema]));
}

/** An object with these keys. Others are allowed, because a later version may add some. */
export function object(always: Properties, sometimes: Properties = {}): Schema {
  return { type: 'object', properties: { ...always, ...sometimes }, required: Object.keys(always) };
}

export const verdict: Schema = oneOf(...(verdictsWorstFirst satisfies readonly Verdict[]));

const place: Properties = {
  file: textOrNull,
  ...keys({ type: ['integer', 'null'], minimum: 1 }, 'startLine', 'startColumn', 'endLine', 'endColumn'),
};

export const diagnostic: Schema = object(
  {
    severity: oneOf('error', 'warning', 'information', 'hint'),
    code: text,
    message: text,
    ...place,
    related: list(object({ message: text, ...place })),
    fixes: list(object({ title: text, edits: list(object({ ...place, newText: text })) })),
  },
  { side: oneOf('before', 'after') },
);

export const caveat: Schema = object(
  { code: text, text, effect: oneOf('any', 'heavier', 'more-requests', 'none'), serves: nullable(texts) },
  { missingRequests: integer },
);

const latencyParts: Schema = object(
  keys(number, 'queueSeconds', 'batchingSeconds', 'switchSeconds', ...bounds.map((bound) => `${bound}Seconds`)),
  {
    ...keys(number, 'prefillSeconds', 'decodeSeconds'),
    causes: object(keys(number, ...tokenCauseNames.map((cause) => `${cause}Seconds`))),
  },
);

const units = ['Seconds', 'Fraction', 'Rps', 'TokensPerSecond'] as const;

/** An objective has the numbers of its unit. */
export const objective: Schema = {
  ...object(
    {
      text,
      metric: oneOf('latency', 'ttft', 'tpot', 'accuracy', 'throughput', 'tokenThroughput', 'goodput'),
      verdict,
      confidence: number,
      basis: oneOf('recording', 'sample'),
      missFraction: known,
      meanLatencyParts: nullable(latencyParts),
    },
    {
      undecidedBecause: text,
      needsSeconds: number,
      verdictIfAccepted: oneOf('met', 'violated'),
      recording: object({ measuredRequests: integer, recordedRequests: integer }),
      latencyPartsOf: oneOf('late', 'all'),
      earlyStopping: object({ ...keys(integer, 'late', 'requests', 'requestsNeeded'), passes: flag }),
    },
  ),
  anyOf: units.map((unit) =>
    object({
      ...keys(known, `measured${unit}`, `measuredLow${unit}`, `measuredHigh${unit}`),
      [`limit${unit}`]: number,
    }),
  ),
};

function slots(key: string): Schema {
  return nullable(object({ slotSeconds: number, [key]: list(known) }));
}

const summary: Schema = object(
  keys(known, ...['mean', 'p50', 'p90', 'p95', 'p99', 'p999', 'max'].map((name) => `${name}Seconds`)),
);

const tokens: Schema = object({
  ttft: summary,
  tpot: summary,
  ...keys(known, 'inputTokensPerSecond', 'outputTokensPerSecond'),
  ...keys(integer, 'baseSteps', 'burstSteps', 'preemptions', 'cachedTokens', 'chips', 'kvBlocks', 'kvBlockTokens'),
  ...keys(known, 'burstTokenFraction', 'meanRunningSequences', 'kvMeanFraction', 'kvMaxFraction'),
  kvBurstBlocks: nullable(integer),
  kvBurstMeanFraction: known,
  noEnergyOf: textOrNull,
  kvOverTime: slots('kvFraction'),
});

const serve: Schema = object(
  {
    name: text,
    model: text,
    ...keys(known, 'offeredLoadRps', 'throughputRps', 'goodputRps'),
    ...keys(
      integer,
      ...['arrived', 'completed', 'queued', 'running', 'dropped', 'warmup'].map((one) => `${one}Requests`),
    ),
    ...keys(known, ...['mean', 'p50', 'p90', 'p95', 'p99', 'p999', 'max'].map((name) => `${name}LatencySeconds`)),
    ...keys(number, 'latencyRelativeError', 'latencyFloorSeconds'),
    meanLatencyParts: latencyParts,
    ...keys(known, 'meanBatchSize', 'accuracyFraction', 'burstFraction', 'energyJoulesPerRequest'),
    accuracyMetric: textOrNull,
    accuracyOverTime: slots('accuracyFraction'),
    slos: list(objective),
  },
  { tokens },
);

const area = nullable(
  object({
    chipSquareMeters: known,
    knownSquareMeters: known,
    parts: list(object({ part: text, squareMeters: known })),
  }),
);

const run: Properties = {
  ...keys(text, 'label', 'npu', 'scheduler'),
  ...keys(number, 'seed', 'durationSeconds', 'warmupSeconds'),
  verdict,
  ...keys(known, 'averagePowerWatts', 'energyJoules'),
  area,
  kinds: nullable(list(object({ npu: text, chips: integer, area }))),
  powerOverTime: slots('powerWatts'),
  modeSwitches: integer,
  chips: list(object(keys(number, ...activities.map((activity) => `${activity}Seconds`)))),
  serves: list(serve),
  caveats: list(caveat),
  statedInputs: texts,
};

export const scenario: Schema = object({ scenario: text, ...run, compare: list(object(run)) });
