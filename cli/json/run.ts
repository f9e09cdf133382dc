import {
  activities,
  bounds,
  type ChipArea,
  type Estimate,
  type LatencyBreakdown,
  type LatencySummary,
  latencyFloorSeconds,
  type MeasureUnit,
  measures,
  objectiveMeasure,
  type RunChips,
  type RunResult,
  runVerdict,
  type ScenarioResult,
  type ServeResult,
  type SloOutcome,
  type SlotColumn,
  type TokenResult,
  tokenCauseNames,
} from '../../design/index.ts';
import { caveatJson } from './caveat.ts';
import type { Json } from './document.ts';

type JsonObject = { readonly [key: string]: Json };

/** A number, or null if nothing was measured. */
function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** The unit of an objective's numbers, as the end of a JSON key. */
const unitKeys: Readonly<Record<MeasureUnit, string>> = {
  seconds: 'Seconds',
  rps: 'Rps',
  'tokens per second': 'TokensPerSecond',
  fraction: 'Fraction',
  joules: 'Joules',
  watts: 'Watts',
  'square metres': 'SquareMeters',
  number: '',
};

function estimateJson(estimate: Estimate, unit: string): JsonObject {
  return {
    [`measured${unit}`]: known(estimate.value),
    [`measuredLow${unit}`]: known(estimate.low),
    [`measuredHigh${unit}`]: known(estimate.high),
    confidence: estimate.confidence,
  };
}

/** Of a language model: seconds before and after the first token, and the whole by cause. */
function stepsJson(steps: LatencyBreakdown['steps']): JsonObject {
  if (steps === undefined) return {};
  const { prefillSeconds, decodeSeconds, causes } = steps;
  if (causes === undefined) return { prefillSeconds, decodeSeconds };
  const byCause = Object.fromEntries(tokenCauseNames.map((cause) => [`${cause}Seconds`, causes[cause]]));
  return { prefillSeconds, decodeSeconds, causes: byCause };
}

function breakdownJson(breakdown: LatencyBreakdown): JsonObject {
  return {
    queueSeconds: breakdown.queueSeconds,
    batchingSeconds: breakdown.batchingSeconds,
    switchSeconds: breakdown.switchSeconds,
    ...stepsJson(breakdown.steps),
    ...Object.fromEntries(bounds.map((bound) => [`${bound}Seconds`, breakdown.serviceSecondsByBound[bound]])),
  };
}

export function sloJson(outcome: SloOutcome): JsonObject {
  const unit = unitKeys[measures[objectiveMeasure(outcome.slo)].unit];
  return {
    text: outcome.slo.text,
    metric: metricKey(outcome),
    verdict: outcome.verdict,
    ...(outcome.undecided === undefined ? {} : { undecidedBecause: outcome.undecided }),
    ...(outcome.needsSeconds === undefined ? {} : { needsSeconds: outcome.needsSeconds }),
    ...(outcome.open === undefined ? {} : { verdictIfAccepted: outcome.open.verdict }),
    [`limit${unit}`]: outcome.limit,
    ...estimateJson(outcome.measured, unit),
    basis: outcome.recording === undefined ? 'sample' : 'recording',
    ...(outcome.recording === undefined ? {} : { recording: { ...outcome.recording } }),
    missFraction: known(outcome.missFraction),
    meanLatencyParts: outcome.breakdown === null ? null : breakdownJson(outcome.breakdown),
    ...(outcome.breakdown === null ? {} : { latencyPartsOf: outcome.breakdown.ofLate ? 'late' : 'all' }),
    ...(outcome.earlyStopping === undefined ? {} : { earlyStopping: { ...outcome.earlyStopping } }),
  };
}

/** The metric of an objective: `latency`, `ttft`, `tpot`, `accuracy`, `goodput`, `throughput` or `tokenThroughput`. */
function metricKey({ slo }: SloOutcome): string {
  if (slo.metric === 'throughput' && slo.of === 'tokens') return 'tokenThroughput';
  return slo.metric === 'latency' ? (slo.of ?? slo.metric) : slo.metric;
}

/** Values over the run in equal slots. Null if the design has no such values. */
function slotsJson(column: SlotColumn | undefined, key: string): Json {
  return column === undefined ? null : { slotSeconds: column.slotSeconds, [key]: [...column.values].map(known) };
}

function serveJson(serve: ServeResult): JsonObject {
  return {
    name: serve.name,
    model: serve.model,
    [measures.offeredLoad.key]: known(serve.offeredRps),
    [measures.throughput.key]: known(serve.completedRps),
    [measures.goodput.key]: known(serve.goodputRps),
    arrivedRequests: serve.counts.arrived,
    completedRequests: serve.counts.completed,
    queuedRequests: serve.counts.queued,
    runningRequests: serve.counts.running,
    droppedRequests: serve.counts.dropped,
    warmupRequests: serve.warmupRequests,
    [measures.meanLatency.key]: known(serve.latency.mean),
    [measures.p50Latency.key]: known(serve.latency.p50),
    [measures.p90Latency.key]: known(serve.latency.p90),
    [measures.p95Latency.key]: known(serve.latency.p95),
    [measures.p99Latency.key]: known(serve.latency.p99),
    [measures.p999Latency.key]: known(serve.latency.p999),
    [measures.maxLatency.key]: known(serve.latency.max),
    latencyRelativeError: serve.latency.relativeError,
    latencyFloorSeconds,
    meanLatencyParts: breakdownJson(serve.breakdown),
    [measures.meanBatch.key]: known(serve.meanBatch),
    [measures.accuracy.key]: serve.accuracy,
    accuracyMetric: serve.accuracyMetric,
    accuracyOverTime: slotsJson(serve.accuracy === null ? undefined : serve.accuracyOverTime, 'accuracyFraction'),
    [measures.burstShare.key]: known(serve.burstShare),
    [measures.energy.key]: serve.energyJoulesPerRequest,
    ...(serve.tokens === undefined ? {} : { tokens: tokensJson(serve.tokens) }),
    slos: serve.slos.map(sloJson),
  };
}

function summaryJson(summary: LatencySummary): JsonObject {
  const { mean, p50, p90, p95, p99, p999, max } = summary;
  return {
    meanSeconds: known(mean),
    p50Seconds: known(p50),
    p90Seconds: known(p90),
    p95Seconds: known(p95),
    p99Seconds: known(p99),
    p999Seconds: known(p999),
    maxSeconds: known(max),
  };
}

/** The result of a language model beside that of its requests. */
function tokensJson(tokens: TokenResult): JsonObject {
  return {
    ttft: summaryJson(tokens.ttft),
    tpot: summaryJson(tokens.tpot),
    inputTokensPerSecond: known(tokens.inputTokensPerSecond),
    outputTokensPerSecond: known(tokens.outputTokensPerSecond),
    baseSteps: tokens.steps.base,
    burstSteps: tokens.steps.burst,
    burstTokenFraction: tokens.burstTokenShare,
    preemptions: tokens.preemptions,
    cachedTokens: tokens.cachedTokens,
    chips: tokens.chips,
    noEnergyOf: tokens.noEnergyOf ?? null,
    meanRunningSequences: tokens.meanRunning,
    kvBlocks: tokens.kv.blocks,
    kvBlockTokens: tokens.kv.blockTokens,
    kvMeanFraction: tokens.kv.meanFraction,
    kvMaxFraction: tokens.kv.maxFraction,
    kvBurstBlocks: tokens.kv.burst?.blocks ?? null,
    kvBurstMeanFraction: tokens.kv.burst?.meanFraction ?? null,
    kvOverTime: slotsJson(tokens.kvOverTime, 'kvFraction'),
  };
}

/** The area of one chip. `null`: a part, or the total, has no figure. */
function areaJson({ parts, squareMetres, knownSquareMetres }: ChipArea): JsonObject {
  return {
    chipSquareMeters: squareMetres,
    knownSquareMeters: knownSquareMetres,
    parts: parts.map(({ name, squareMetres: area }) => ({ part: name, squareMeters: area })),
  };
}

function kindJson({ npu, chips, area }: RunChips): JsonObject {
  return { npu, chips, area: area === undefined ? null : areaJson(area) };
}

function runJson(run: RunResult): JsonObject {
  return {
    label: run.label,
    npu: run.npu,
    scheduler: run.scheduler,
    seed: run.seed,
    [measures.duration.key]: run.seconds,
    warmupSeconds: run.warmupSeconds,
    verdict: runVerdict(run),
    [measures.power.key]: run.averageWatts,
    energyJoules: run.averageWatts === null ? null : run.averageWatts * run.seconds,
    area: run.area === undefined ? null : areaJson(run.area),
    kinds: run.kinds?.map(kindJson) ?? null,
    powerOverTime: slotsJson(run.wattsOverTime, 'powerWatts'),
    modeSwitches: run.timeline.switches.total,
    chips: run.timeline.totals.map((totals) =>
      Object.fromEntries(activities.map((activity) => [`${activity}Seconds`, totals[activity]])),
    ),
    serves: run.serves.map(serveJson),
    caveats: run.caveats.map(caveatJson),
    statedInputs: [...(run.statedInputs ?? [])],
  };
}

/**
 * The runs of a scenario and of its variants. Of the values over time, it contains only those that show what burst mode costs and saves.
 * The panel has finer columns, and the trace has the events.
 */
export function scenarioJson(result: ScenarioResult): JsonObject {
  return {
    scenario: result.scenario,
    ...runJson(result.main),
    compare: result.variants.map(runJson),
  };
}
