import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { TestServer } from '../test/server/language-server.ts';

/*
 * Measures the time from a save of examples/rush.npu to its diagnostics in the server, over stdio and without an editor. The
 * load alternates between much too high and very low, so each save changes the verdict.
 * Run: npm run build && npx tsx bench/save-server.ts
 */

const saves = 30;
const file = path.resolve('examples/rush.npu');
const uri = pathToFileURL(file).href;
const text = readFileSync(file, 'utf8');
const at = (rate: number): string => text.replace(/let peak = \d+ rps/u, `let peak = ${rate} rps`);

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const worst = (values: readonly number[]): number => Math.max(...values);
const say = (what: string, values: readonly number[]): void =>
  console.log(
    `${what}: median ${median(values).toFixed(0)} ms, most ${worst(values).toFixed(0)} ms of ${values.length}`,
  );

const { server } = await TestServer.start();
const opened = performance.now();
await server.open(uri, text);
await server.phase(uri, 'fresh');
console.log(`opened to results, with a cold worker: ${(performance.now() - opened).toFixed(0)} ms`);
const findings: { readonly broken: number[]; readonly met: number[] } = { broken: [], met: [] };
const results: number[] = [];
for (let i = 0; i < saves; i++) {
  const rate = i % 2 === 0 ? 60_000 + i : 500 + i;
  await server.change(uri, at(rate));
  // Wait for the work of the edit, which does not belong to the save.
  await server.pull(uri);
  const told = server.published.length;
  const states = server.states.length;
  const start = performance.now();
  await server.save(uri);
  const isNews = (severity: number | undefined): boolean => (rate > 10_000 ? severity === 1 : severity === undefined);
  await server.until(() =>
    server.published.slice(told).find((one) => one.uri === uri && isNews(one.diagnostics[0]?.severity)),
  );
  (rate > 10_000 ? findings.broken : findings.met).push(performance.now() - start);
  await server.until(() => server.states.slice(states).find(({ state }) => state.phase === 'fresh'));
  results.push(performance.now() - start);
}
say('save to the diagnostic of a violated objective', findings.broken);
say('save to the removal of the diagnostic', findings.met);
say('save to all results', results);
console.log(`load of the machine, over a minute: ${loadavg()[0]?.toFixed(1)}`);
await server.stop();
