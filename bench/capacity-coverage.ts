/**
 * Tests whether the interval of a capacity contains the exact capacity of chips that are M/D/1 queues:
 * `npx tsx bench/capacity-coverage.ts`. The test is that of bench/coverage.ts, at a family-wise level of 1 %. The exit code is
 * 1 if it fails.
 *
 * --seeds N   searches per load, 200 by default
 * --budget N  requests of a probe, 65536 by default
 * --load R    only this capacity, as a share of the saturation rate; can be repeated. 0.5, 0.8 and 0.9 by default
 */
import { parseArgs } from 'node:util';
import { exactCapacity } from './coverage/exact-capacity.ts';
import { type Count, unlikely } from './coverage/verdict-of-cells.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    budget: { type: 'string', default: '65536' },
    load: { type: 'string', multiple: true, default: ['0.5', '0.8', '0.9'] },
  },
});
const seeds = Number(values.seeds);
const counts: Count[] = [];
console.log('| true capacity | intervals with it | below / above | mean of low | mean of high |');
console.log('|---|---|---|---|---|');
for (const load of values.load.map(Number)) {
  let below = 0;
  let above = 0;
  let low = 0;
  let high = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const found = exactCapacity(load, seed, Number(values.budget));
    if (found.high < found.truthRps) below++;
    if (found.low > found.truthRps) above++;
    low += (load * found.low) / found.truthRps / seeds;
    high += (load * found.high) / found.truthRps / seeds;
  }
  counts.push({ name: `load ${load}`, trials: seeds, failures: below + above });
  const share = `${(100 * (1 - (below + above) / seeds)).toFixed(1)} %`;
  console.log(`| load ${load} | ${share} | ${below} / ${above} | ${low.toFixed(3)} | ${high.toFixed(3)} |`);
}
const wrong = unlikely(counts, 0.01, 0.01);
console.log(
  wrong.length === 0
    ? 'The intervals contain the true capacity as often as stated.'
    : `Missed too often: ${wrong.map(({ name }) => name).join(', ')}`,
);
process.exitCode = wrong.length === 0 ? 0 : 1;
