/**
 * The program that `bench/cold.ts` bundles and starts. It imports an ONNX file and computes all layers in both modes,
 * once.
 */
import { readFileSync } from 'node:fs';
import { readOnnx } from '../formats/index.ts';
import { costModel } from '../simulator/hardware/index.ts';
import { stimpack } from '../test/simulator/hardware/fixtures.ts';

const processor = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const loaded = { wall: performance.now(), processor: processor() };
const { value, diagnostics } = readOnnx(readFileSync(process.argv[2] ?? ''), 'Net', {
  uri: 'file:x',
  start: 0,
  end: 0,
});
if (value === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
const imported = performance.now();
costModel(stimpack, value, 'base', 1);
costModel(stimpack, value, 'burst', 1);
const end = performance.now();
console.log(
  JSON.stringify({
    start: loaded.wall,
    startProcessor: loaded.processor,
    import: imported - loaded.wall,
    layers: end - imported,
    firstUse: end - loaded.wall,
    processor: processor() - loaded.processor,
    whole: end,
  }),
);
