/**
 * Tests whether confidence intervals and verdicts are right as often as stated: `npx tsx bench/coverage.ts`.
 *
 * It simulates queues with a known true value, with many seeds. It counts how often the confidence interval contains the true
 * value, and how often the verdict is `met` for a limit 10 % below the true value. It also reports the width of the intervals.
 * One test covers all cells, at a family-wise level of 1 %, so a perfect method passes. The exit code is 1 if the method fails.
 *
 * --seeds N        runs per cell, 1000 by default
 * --requests N     length of a run, 65536 by default; --auto N: runs that end when decided, with a budget of N requests
 * --cells TEXT     only queues whose name contains TEXT, e.g. "MMPP"
 * --loads A,B      only these loads
 * --confidence P   0.99 by default
 */
import { parseArgs } from 'node:util';
import type { Duration } from '../design/index.ts';
import { loads, queues } from './coverage/cells.ts';
import { type CellTally, measureCell } from './coverage/measure.ts';
import { truthOf } from './coverage/truths.ts';
import { type Count, unlikely } from './coverage/verdict-of-cells.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    requests: { type: 'string', default: '65536' },
    auto: { type: 'string' },
    cells: { type: 'string', default: '' },
    loads: { type: 'string' },
    confidence: { type: 'string', default: '0.99' },
  },
});
const LEVEL = 0.01;
const confidence = Number(values.confidence);
const seeds = Number(values.seeds);
const duration: Duration =
  values.auto === undefined
    ? { kind: 'requests', count: Number(values.requests) }
    : { kind: 'auto', maxRequests: Number(values.auto) };
const wanted: readonly number[] = values.loads?.split(',').map(Number) ?? loads;

const percent = (share: number, digits = 1) => `${(100 * share).toFixed(digits)} %`;

function row(cell: CellTally): string {
  const { queue, load, statistic, runs, below, above, met, open, width, truth } = cell;
  const cells = [
    queue,
    String(load),
    statistic,
    truth.toPrecision(4),
    percent(1 - (below + above) / runs),
    `${below} / ${above}`,
    percent(met / runs),
    Number.isNaN(width) ? '-' : percent(width, 0),
    percent(open / runs, 0),
  ];
  return `| ${cells.join(' | ')} |`;
}

const count = ({ queue, load, statistic, runs }: CellTally, failures: number): Count => ({
  name: `${queue}, load ${load}, ${statistic}`,
  trials: runs,
  failures,
});

console.log(
  `${seeds} seeds a cell, ${values.auto === undefined ? `${values.requests} requests a run` : `runs of up to ${values.auto} requests that end when decided`}, stated ${percent(confidence, 0)}.`,
);
console.log(
  '| queue | load | statistic | true value (s) | intervals with it | below / above | wrong `met` at 90 % of it | mean width | without upper end |',
);
console.log('|---|---|---|---|---|---|---|---|---|');
const tallies: CellTally[] = [];
const start = performance.now();
for (const queue of queues) {
  if (!queue.name.includes(values.cells)) continue;
  for (const load of wanted) {
    // Each cell has different seeds, so one unlucky stream of arrivals does not affect many cells.
    const firstSeed = 1 + 10_000 * (loads.length * queues.indexOf(queue) + wanted.indexOf(load));
    const found = measureCell(queue, load, truthOf(queue, load), { seeds, firstSeed, duration, confidence });
    tallies.push(...found);
    for (const cell of found) console.log(row(cell));
  }
}
const missing = unlikely(
  tallies.map((cell) => count(cell, cell.below + cell.above)),
  1 - confidence,
  LEVEL,
);
const wrong = unlikely(
  tallies.map((cell) => count(cell, cell.met)),
  1 - confidence,
  LEVEL,
);
const words = (found: readonly Count[]) =>
  found.map(({ name, failures, trials }) => `  ${name}: ${failures} of ${trials}`).join('\n');
console.log(`\n${tallies.length} cells in ${((performance.now() - start) / 1000).toFixed(0)} s.`);
console.log(
  missing.length === 0
    ? 'In each cell, the intervals contain the true value as often as stated.'
    : `Intervals miss the truth too often in:\n${words(missing)}`,
);
console.log(
  wrong.length === 0
    ? 'In each cell, the verdict for a limit 10 % below the true value is `met` at most as often as stated.'
    : `A limit 10 % below the truth is called met too often in:\n${words(wrong)}`,
);
process.exitCode = missing.length + wrong.length === 0 ? 0 : 1;
