import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runProgram } from '../../cli/program.ts';
import { engineOn } from '../../cli/real-engine.ts';
import { plainLook } from '../../cli/terminal.ts';
import { createNodeSources, openLibrary } from '../../host/index.ts';
import { noInterrupts } from './hand-made.ts';

/** Follows the energy from the chip of the library through layers, service table and run to the output. */
const directory = mkdtempSync(join(tmpdir(), 'npu-energy-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function json(...args: readonly string[]) {
  let out = '';
  const write = (text: string) => {
    out += text;
  };
  const terminal = { out: write, err: () => {}, look: plainLook, errorLook: plainLook, progress: null, directory };
  const engine = engineOn(createNodeSources(openLibrary(resolve('library'))));
  await runProgram([...args, '--format', 'json'], {
    terminal,
    engine,
    interrupts: noInterrupts,
    readPanel: () => undefined,
    readStandardInput: async () => new Uint8Array(),
    readShipped: () => undefined,
    startLanguageServer: async () => 0,
    startAgentServer: async () => 0,
  });
  return JSON.parse(out);
}

writeFileSync(
  join(directory, 'a.npu'),
  `import "stimpack/stimpack"
import "stimpack/resnet50"
import "stimpack/bert"
scenario Calm {
  npu: Stimpack
  duration: 500 requests
  serve ResNet50 { arrivals: poisson(4000 rps), slo { p99 latency <= 15 ms } }
}
`,
);

test.each(['ResNet50', 'BertLarge'])(
  '%s on TPUv4i: power is above the idle power of 55 W and below the published maximum of 175 W (Jouppi et al., ISCA 2021)',
  async (model) => {
    const { energyJoules, latencySeconds } = await json('layers', 'a.npu', '-m', model, '-n', 'TPUv4i');
    expect(energyJoules / latencySeconds).toBeGreaterThan(55);
    expect(energyJoules / latencySeconds).toBeLessThan(175);
  },
);

test('burst mode needs less energy: multiplications cost less, weights have half the bytes, and static power flows for less time', async () => {
  const energy = async (mode: string) =>
    (await json('layers', 'a.npu', '-m', 'ResNet50', '-n', 'Stimpack', '--mode', mode)).energyJoules;
  expect(await energy('burst')).toBeLessThan(await energy('base'));
});

test('a run: requests pay for their layers and their share of the static power', async () => {
  const run = await json('run', 'a.npu');
  const { energyJoules } = await json('layers', 'a.npu', '-m', 'ResNet50', '-n', 'Stimpack');
  const text = JSON.stringify(run);
  const perRequest = Number(/"energyJoulesPerRequest":([\d.e-]+)/.exec(text)?.[1]);
  const watts = Number(/"averagePowerWatts":([\d.e-]+)/.exec(text)?.[1]);
  // Alone on the chip, a request needs the energy that `layers` states. Between requests the chip idles at 55 W, shared by 4000 requests a
  // second.
  expect(perRequest).toBeGreaterThan(0.5 * energyJoules);
  expect(perRequest).toBeLessThan(energyJoules + 55 / 3000);
  expect(watts).toBeGreaterThan(55);
  expect(watts).toBeLessThan(175);
});
