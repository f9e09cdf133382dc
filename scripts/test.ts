import { availableParallelism } from 'node:os';
import { type Count, one } from './tests/count.ts';
import { inLanes } from './tests/lanes.ts';
import { Output } from './tests/output.ts';
import { type Step, steps } from './tests/steps.ts';

/*
 * `npm test` runs everything. `npm test -- types fast` runs the named steps. If the machine has two cores, two steps run side by side. A free lane takes
 * the first step of the table in tests/steps.ts that can run beside the other one (tests/lanes.ts), and it starts when the steps that it needs have
 * passed. Steps that only compute have a low priority, so that a step that measures reactions gets the processor when it needs it. A step that takes
 * longer than its limit is stopped and fails, so that its output is not lost. The output of a step is printed when it ends. The last line,
 * "N passed, N failed", can be read by a program. Missing tools are installed on the way: Debian's Chromium, Verilator and Neovim, and VS Code's server
 * with its own Node in a cache folder (scripts/vscode/cache.ts has its path).
 */

/** A promise that is settled from outside. */
class Later<T> {
  settle: (value: T) => void = () => {};
  readonly promise = new Promise<T>((settle) => {
    this.settle = settle;
  });
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`no such step: ${unknown.join(', ')}; there are ${steps.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

/** The named steps, and those that they need. */
function chosenSteps(names: readonly string[]): readonly Step[] {
  const wanted = new Set(names);
  for (const { name, needs } of steps.toReversed()) if (wanted.has(name)) for (const need of needs) wanted.add(need);
  return steps.filter(({ name }) => wanted.has(name));
}

const chosen = asked.length > 0 ? chosenSteps(asked) : steps;
const lanes = Math.min(2, availableParallelism(), chosen.length);
/** Whether each step passed, once it ended. */
const ends = new Map(chosen.map(({ name }) => [name, new Later<boolean>()]));
const total = { passed: 0, failed: 0, skipped: 0 };
/** The output of each step that runs. */
const outputs = new Map<string, Output>();

/** Prints the progress if the user stops the tests. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    for (const [name, output] of outputs) {
      output.kill();
      console.log(`\n── ${name} (stopped by ${signal})\n${output.text}`);
    }
    process.exit(1);
  });
}

/** Minutes that a step may take: several times what the longest takes on two cores. */
const stepMinutes = 30;

/** Stops the commands of a step at the time limit, which counts as one failure. */
function timeLimit(output: Output): { readonly reached: Promise<Count>; readonly clear: () => void } {
  const late = new Later<Count>();
  const timer = setTimeout(() => {
    output.add(`\nstopped: it took more than ${stepMinutes} minutes\n`);
    output.kill();
    late.settle(one(false));
  }, stepMinutes * 60_000);
  return { reached: late.promise, clear: () => clearTimeout(timer) };
}

/** Runs a step after the steps that it needs have passed. Returns true if it passed as well. */
async function runStep({ name, needs, load, run }: Step): Promise<boolean> {
  const passed = await Promise.all(needs.map((need) => ends.get(need)?.promise ?? true));
  if (!passed.every(Boolean)) {
    console.log(`\n── ${name}: left out, since it needs ${needs.join(' and ')}`);
    total.failed += 1;
    return false;
  }
  const output = new Output(load === 'compute' && lanes > 1);
  outputs.set(name, output);
  console.log(`── ${name} starts`);
  const startedAt = performance.now();
  const limit = timeLimit(output);
  const ended = run(output, lanes).catch((error: unknown): Count => {
    output.add(`${error instanceof Error ? error.stack : String(error)}\n`);
    return one(false);
  });
  const count = await Promise.race([ended, limit.reached]);
  limit.clear();
  outputs.delete(name);
  total.passed += count.passed;
  total.failed += count.failed;
  total.skipped += count.skipped;
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(`\n── ${name} (${seconds} s)\n${output.text}`);
  if (count.failed > 0) console.log(`${name}: ${count.failed} failed`);
  return count.failed === 0;
}

await inLanes(chosen, lanes, async (step) => ends.get(step.name)?.settle(await runStep(step)));

console.log('');
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
