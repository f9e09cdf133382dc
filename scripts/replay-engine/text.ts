import type { Replay } from './replay.ts';

/** A replay as a table for people. */
export function replayText({ metrics, medianRequestError, kvOccupancy, steps, preemptions, notes }: Replay): string {
  const rows = metrics.map(({ name, ours, theirs, relativeError }) => [
    name,
    milliseconds(ours),
    milliseconds(theirs),
    `${relativeError < 0 ? '-' : '+'}${(100 * Math.abs(relativeError)).toFixed(1)} %`,
  ]);
  const table = [['', 'ours', 'engine', 'error'], ...rows].map(([name = '', ...numbers]) =>
    [name.padEnd(16), ...numbers.map((each) => each.padStart(12))].join(''),
  );
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  const lines = [
    ...table,
    '',
    `Median error of one request: TTFT ${percent(medianRequestError.ttft)}, TPOT ${percent(medianRequestError.tpot)}`,
  ];
  if (kvOccupancy !== null) {
    const points = kvOccupancy.meanDifferencePoints.toFixed(1);
    lines.push(`KV occupancy: ${points} points of mean difference in ${kvOccupancy.seconds.length} samples`);
  }
  lines.push(`${steps} steps, ${preemptions} preemptions`);
  return [...lines, ...notes.map((note) => `note: ${note}`)].join('\n');
}

function milliseconds(seconds: number): string {
  return `${(1000 * seconds).toFixed(1)} ms`;
}
