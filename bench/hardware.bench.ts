/**
 * Measures the run time of the hardware model and compares its results with published ones: `npx tsx bench/hardware.bench.ts`.
 *
 * It shows that all layers of ResNet-50 in both modes take less than 1 ms after the first use. The first use, including the
 * import of the ONNX file, takes less than 50 ms. A service table for one batch size takes about 1 ms.
 */
import { existsSync, readFileSync } from 'node:fs';
import { readOnnx } from '../formats/index.ts';
import { buildServiceTable, costModel } from '../simulator/hardware/index.ts';
import { bertLarge, resnet50, stimpack } from '../test/simulator/hardware/fixtures.ts';

function median(label: string, limitMilliseconds: number, run: () => void): void {
  for (let warm = 0; warm < 300; warm++) run();
  const samples: number[] = [];
  for (let sample = 0; sample < 200; sample++) {
    const start = performance.now();
    run();
    samples.push(performance.now() - start);
  }
  samples.sort((a, b) => a - b);
  const value = samples[100] ?? Number.NaN;
  console.log(
    `${label.padEnd(52)} ${value.toFixed(3)} ms (best ${samples[0]?.toFixed(3)}), ${(value / limitMilliseconds).toFixed(2)} of ${limitMilliseconds} ms`,
  );
}

const net = resnet50();
const bert = bertLarge();
const file = new URL('../../shared/reference/onnx/light_resnet50.onnx', import.meta.url);
if (existsSync(file)) {
  const cold = performance.now();
  const { value } = readOnnx(readFileSync(file), 'ResNet50', { uri: file.href, start: 0, end: 0 });
  if (value === undefined) throw new Error(`${file} does not import`);
  const imported = performance.now();
  costModel(stimpack, value, 'base', 1);
  costModel(stimpack, value, 'burst', 1);
  const priced = performance.now();
  const text = `${(priced - cold).toFixed(1)} ms (import ${(imported - cold).toFixed(1)})`;
  console.log(
    `${'ResNet-50 from its ONNX file, both modes, first use'.padEnd(52)} ${text}, ${((priced - cold) / 50).toFixed(2)} of 50 ms`,
  );
} else console.log('ResNet-50 from its ONNX file: not measured, ../shared/reference is missing');
median('ResNet-50, all layers, base and burst', 1, () => {
  costModel(stimpack, net, 'base', 1);
  costModel(stimpack, net, 'burst', 1);
});
median('ResNet-50, service table, batch 8', 2, () => {
  buildServiceTable(stimpack, net, 8);
});
median('ResNet-50, service table, batch 64 (spills)', 5, () => {
  buildServiceTable(stimpack, net, 64);
});
median('BERT-large, all layers, base and burst', 1, () => {
  costModel(stimpack, bert, 'base', 1);
  costModel(stimpack, bert, 'burst', 1);
});

// The results of the model, next to published ones. Nothing is tuned to the published values.
console.log();
const rate = (npu: typeof stimpack, model: typeof net, mode: 'base' | 'burst', batch: number) =>
  batch / costModel(npu, model, mode, batch).seconds;
for (const [name, model] of [
  ['ResNet-50', net],
  ['BERT-large', bert],
] as const) {
  for (const batch of [1, 8]) {
    const burst = rate(stimpack, model, 'burst', batch) / rate(stimpack, model, 'base', batch);
    const offChip = { ...stimpack, quantizer: { ...stimpack.quantizer, source: 'off-chip' as const } };
    const fetched = rate(offChip, model, 'burst', batch) / rate(stimpack, model, 'base', batch);
    const cmem = rate(stimpack, model, 'base', batch) / rate({ ...stimpack, cmem: null }, model, 'base', batch);
    console.log(
      `${name}, batch ${batch}: ${rate(stimpack, model, 'base', batch).toFixed(0)} inferences/s in base; burst ${burst.toFixed(2)}x (${fetched.toFixed(2)}x with int8 in HBM); CMEM on against off ${cmem.toFixed(2)}x`,
    );
  }
}
console.log(
  'published: Stimpack 1.484x speedup on average (JSA 145, 103025); CMEM about 1.5x performance per watt (ISCA 2021)',
);
