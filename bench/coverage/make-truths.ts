/**
 * Runs the independent loops of witness.ts over more than 1.2 * 10^9 requests and writes bench/coverage/truths.json:
 * `npx tsx bench/coverage/make-truths.ts`. bench/coverage.ts reads this file. It takes some minutes. The same seed gives the
 * same file.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loads, queues, type Truths } from './cells.ts';

/** The number of requests. Queues with a longer memory need more. */
const requestsAt: Readonly<Record<number, number>> = { 0.5: 4e7, 0.8: 6e7, 0.9: 1e8, 0.95: 2e8 };
const seed = 20_231;

const truths: Record<string, Record<string, Truths[string][string]>> = {};
for (const [place, queue] of queues.entries()) {
  const { truth } = queue;
  if (truth.from !== 'witness') continue;
  const found: (typeof truths)[string] = {};
  for (const load of loads) {
    const requests = requestsAt[load] ?? 1e8;
    const start = performance.now();
    const figures = truth.run(load, requests, seed + 100 * place + Math.round(100 * load)).figures();
    found[load] = { ...figures, requests };
    console.log(
      `${queue.name} at ${load}: ${JSON.stringify(figures)}, ${((performance.now() - start) / 1000).toFixed(0)} s`,
    );
  }
  truths[queue.name] = found;
}
writeFileSync(fileURLToPath(new URL('truths.json', import.meta.url)), `${JSON.stringify(truths, null, 2)}\n`);
