/**
 * Measures what a sweep costs in addition to its requests: `npx tsx bench/explore.bench.ts`. It reports, in processor time of one thread:
 *
 * - milliseconds for a quarter of 1,024 designs of 10,000 requests each, and their ratio to the requests alone (the same runs with ready tables);
 * - the same with capacity and energy as goals, for every twentieth of 1,000 designs;
 * - the gain from tables that designs share.
 *
 * Compare the ratios of two versions, not the times of two days: the speed of a core on a shared machine varies. On the machine of the README,
 * sharing tables, runs without plots and reused arrays made the first sweep 2.4 times as fast, with the same results to the bit.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Scenario } from '../design/index.ts';
import { loadProgram } from '../engine/index.ts';
import { createNodeSources, openLibrary } from '../host/index.ts';
import { ChipTables, exploreDesigns, type NumberedDesign, runInputOf, simulateRun } from '../simulator/index.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Seconds of processor time. */
function secondsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const sources = createNodeSources(openLibrary(here('../library')));
const program = await loadProgram(pathToFileURL(here('explore/sweep.npu')).href, sources);
for (const { message } of program.design.scenarios.length === 0 ? program.diagnostics : []) console.log(message);

for (const [name, stride] of [
  ['Latency', 4],
  ['Capacity', 20],
] as const) {
  const candidates = program.candidates(name);
  if (candidates === undefined) throw new Error(`no exploration ${name}`);
  const { goals } = candidates.exploration;
  const designs: NumberedDesign[] = [];
  const building = secondsOf(() => {
    for (let design = 0; design < candidates.count; design += stride)
      designs.push({ design, candidate: candidates.design(design) });
  });
  const sweep = secondsOf(() => exploreDesigns(goals, designs, { keep: new ChipTables().keep }));
  const scenarios = designs.flatMap(({ candidate }): Scenario[] =>
    candidate.kind === 'scenario' ? [candidate.scenario] : [],
  );
  // No design shares its tables with another one.
  const some = designs.filter((_, at) => at % 4 === 0);
  const unshared = secondsOf(() => {
    for (const one of some) exploreDesigns(goals, [one], { keep: new ChipTables().keep });
  });
  const tables = new ChipTables();
  const inputs = scenarios
    .filter((_, at) => at % 4 === 0)
    .map((each) => {
      const { scenario, cache } = tables.keep(each);
      return runInputOf(scenario, scenario.name, scenario.npu, scenario.scheduler, cache);
    });
  const requests = secondsOf(() => {
    for (const input of inputs) simulateRun(input, { measuresOnly: true });
  });
  const each = (seconds: number, count: number) => (1e3 * seconds) / count;
  const perDesign = each(sweep, designs.length);
  const bare = each(requests, inputs.length);
  console.log(`${name}: ${designs.length} of ${candidates.count} designs`);
  console.log(`  built from the text             ${each(building, designs.length).toFixed(2)} ms each`);
  console.log(`  tables, runs and measures       ${perDesign.toFixed(2)} ms each`);
  console.log(
    `  one run with ready tables       ${bare.toFixed(2)} ms each, ${(perDesign / bare).toFixed(1)} times less`,
  );
  console.log(`  without shared tables           ${each(unshared, some.length).toFixed(2)} ms each`);
}
