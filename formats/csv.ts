import { activities, type Cell, type ModelCost, type RunResult, writeCsv } from '../design/index.ts';

const layerColumns = [
  ...['layer', 'kind', 'm', 'n', 'k', 'groups', 'macs', 'parameters', 'computeCycles', 'vectorCycles', 'memoryCycles'],
  ...[
    'hbmCycles',
    'quantizeCycles',
    'cycles',
    'bound',
    'utilization',
    'hbmBytes',
    'cmemBytes',
    'vmemBytes',
    'weightBytes',
  ],
  ...['resident', 'operationalIntensity', 'energyJoules', 'explanation'],
] as const satisfies readonly (keyof ModelCost['layers'][number])[];

/**
 * Writes the cost of each layer, one row for each. Several models, modes or chips follow one another. The columns are those of LayerCost.
 */
export function writeLayersCsv(costs: readonly ModelCost[]): string {
  const rows = costs.flatMap((cost) =>
    cost.layers.map((layer): Cell[] => [
      cost.model,
      cost.npu,
      cost.mode,
      cost.batch,
      ...layerColumns.map((column): Cell => layer[column]),
    ]),
  );
  return writeCsv(['model', 'npu', 'mode', 'batch', ...layerColumns], rows);
}

/** Writes the course of a run, one row for each bucket and served model. Rates are per second, and latencies are in seconds. */
export function writeSeriesCsv(run: RunResult): string {
  const { buckets, bucketSeconds } = run.series;
  const rows: Cell[][] = [];
  for (const { name, model, series } of run.serves) {
    for (let bucket = 0; bucket < buckets; bucket++) {
      rows.push([
        run.label,
        name,
        model,
        bucket * bucketSeconds,
        (series.arrived[bucket] ?? 0) / bucketSeconds,
        (series.completed[bucket] ?? 0) / bucketSeconds,
        (series.completedInTime[bucket] ?? 0) / bucketSeconds,
        series.p50Seconds[bucket],
        series.p99Seconds[bucket],
        series.maxSeconds[bucket],
        series.queued[bucket],
        series.maxQueued[bucket],
      ]);
    }
  }
  return writeCsv(
    [
      ...['run', 'serve', 'model', 'startSeconds', 'offeredRps', 'completedRps', 'goodputRps'],
      ...['p50LatencySeconds', 'p99LatencySeconds', 'maxLatencySeconds', 'queued', 'maxQueued'],
    ],
    rows,
  );
}

/** Writes what the chips did inside the window of the timeline, one row for each segment. */
export function writeSegmentsCsv(run: RunResult): string {
  const { segments } = run.timeline;
  const rows: Cell[][] = [];
  for (let index = 0; index < segments.startSeconds.length; index++) {
    rows.push([
      run.label,
      segments.chip[index],
      segments.startSeconds[index],
      segments.endSeconds[index],
      activities[segments.activity[index] ?? 0],
      run.serves[segments.serve[index] ?? 0]?.name,
      segments.batchSize[index],
      segments.firstLayer[index],
      segments.lastLayer[index],
    ]);
  }
  return writeCsv(
    ['run', 'chip', 'startSeconds', 'endSeconds', 'activity', 'serve', 'batchSize', 'firstLayer', 'lastLayer'],
    rows,
  );
}
