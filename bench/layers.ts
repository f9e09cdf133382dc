/**
 * Measures how long the model takes for all layers of a network in both modes: `npx tsx bench/layers.ts`.
 *
 * The code is warm, and every run has a chip and a network that are in no cache. A sample is a series of runs in processor time of the whole
 * process, so it includes garbage collection. The best and the median sample are reported, and the ratio to the networks' limits.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Model } from '../design/index.ts';
import { loadProgram } from '../engine/index.ts';
import { createNodeSources, openLibrary } from '../host/index.ts';
import { costModel } from '../simulator/index.ts';

/** The aims of the project: milliseconds for all layers in both modes. */
const limits = [
  { network: 'ResNet50', milliseconds: 1 },
  { network: 'BertLarge', milliseconds: 2 },
  { network: 'LlamaBlock', milliseconds: 0.2 },
] as const;

const samples = 60;
const millisecondsPerSample = 60;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const sources = createNodeSources(openLibrary(here('../library')));
const { design, diagnostics } = await loadProgram(pathToFileURL(here('layers.npu')).href, sources);
for (const { severity, message } of diagnostics) if (severity === 'error') throw new Error(message);

function named<T extends { readonly name: string }>(all: readonly T[], name: string): T {
  const found = all.find((one) => one.name === name);
  if (found === undefined) throw new Error(`bench/layers.npu has no ${name}`);
  return found;
}

const npu = named(design.npus, 'Stimpack');

function priceBothModes(network: Model): void {
  const chip = { ...npu };
  const model = { ...network, layers: [...network.layers] };
  costModel(chip, model, 'base', 1);
  costModel(chip, model, 'burst', 1);
}

/** Milliseconds of processor time of one run. */
function sample(work: () => void, runs: number): number {
  const before = process.cpuUsage();
  for (let run = 0; run < runs; run++) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e3 / runs;
}

const warm = limits.map(({ network, milliseconds }) => {
  const model = named(design.models, network);
  const work = () => priceBothModes(model);
  const runs = Math.ceil(millisecondsPerSample / milliseconds);
  for (let at = 0; at < 20; at++) sample(work, runs);
  return { network, milliseconds, layers: model.layers.length, work, runs, values: [] as number[] };
});
// Round by round, so that a busy machine slows all networks alike.
for (let at = 0; at < samples; at++) for (const { work, runs, values } of warm) values.push(sample(work, runs));

for (const { network, milliseconds, layers, values } of warm) {
  values.sort((a, b) => a - b);
  const best = values[0] ?? Number.NaN;
  const median = values[Math.floor(values.length / 2)] ?? Number.NaN;
  console.log(
    `${network.padEnd(11)} ${String(layers).padStart(4)} layers  best ${best.toFixed(3)} ms, median ${median.toFixed(3)} ms; ` +
      `best is ${(best / milliseconds).toFixed(2)} of ${milliseconds} ms`,
  );
}
