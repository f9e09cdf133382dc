import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Hover, Position } from 'vscode-languageserver/node';
import { TestServer } from './language-server.ts';
import { readMarked } from './marked-document.ts';

/** The hover over a layer and over a network: its size, and its cost on the chips on which it was run. */

const model = `model Tiny {
  input: 32 x 32 x 3
  layers {
    first: conv { kernel: 3 x 3, filters: 64, padding: same }
    relu
    last: dense { outputs: 10 }
  }
}
`;
const run = `scenario Rush {
  npu: Stimpack
  serve Tiny { arrivals: poisson(500 rps), slo { p99 latency <= 15 ms } }
}
`;
const imports = 'import "stimpack/stimpack"\n';

let server: TestServer;
beforeAll(async () => {
  server = (await TestServer.start()).server;
});
afterAll(() => server.stop());

let count = 0;
async function hovered(marked: string, phase: 'fresh' | 'empty'): Promise<{ uri: string; text: string; says: string }> {
  count += 1;
  const uri = `file:///costs/design${count}.npu`;
  const { text, cursor } = readMarked(marked);
  await server.open(uri, text);
  await server.phase(uri, phase);
  return { uri, text, says: await saysAt(uri, cursor) };
}

async function saysAt(uri: string, position: Position): Promise<string> {
  const hover = await server.ask<Hover>('hover', uri, { position });
  return (hover.contents as { readonly value: string }).value;
}

// 32 x 32 positions, 3 x 3 x 3 multiplications for each of 64 filters; 64 biases.
const firstSize = '1.77 M MACs, 1,792 parameters';
// 32 x 32 rows of 64 inputs for each of 10 outputs; 10 biases.
const lastSize = '655,360 MACs, 650 parameters';

test('a layer before any run shows its size', async () => {
  const { says } = await hovered(model.replace('conv {', 'co|nv {'), 'empty');
  expect(says).toContain(firstSize);
  expect(says).not.toContain('cycles');
});

test('a layer shows its cost in both modes of the chip that ran it', async () => {
  const { says } = await hovered(imports + model.replace('dense', 'den|se') + run, 'fresh');
  expect(says).toContain(lastSize);
  expect(says).toMatch(/- \*\*Stimpack\*\*, base, batch 1: [\d,]+ cycles \([\d.]+ %\)\. Bound by /);
  expect(says).toMatch(/- \*\*Stimpack\*\*, burst, batch 1: [\d,]+ cycles \([\d.]+ %\)\. Bound by /);
});

test('a network shows its totals, both where it is declared and where it is served', async () => {
  for (const marked of [
    imports + model.replace('Tiny', 'Ti|ny') + run,
    imports + model + run.replace('serve Tiny', 'serve Ti|ny'),
  ]) {
    const { says } = await hovered(marked, 'fresh');
    expect(says).toContain('2.42 M MACs, 2,442 parameters');
    expect(says).toMatch(/- \*\*Stimpack\*\*, base, batch 1: [\d,]+ cycles, [\d.]+ µs/);
    expect(says).toMatch(/- \*\*Stimpack\*\*, burst, batch 1: [\d,]+ cycles, [\d.]+ µs/);
  }
});

test('the cost from an earlier text is marked as such', async () => {
  const { uri, text } = await hovered(imports + model.replace('dense', 'den|se') + run, 'fresh');
  await server.change(uri, text.replace('500 rps', '600 rps'));
  await server.phase(uri, 'stale');
  expect(await saysAt(uri, { line: 6, character: 12 })).toMatch(/\*\*Stimpack\*\*, base, batch 1, before this edit: /);
});

test('a network of another file shows the cost from the run of the file that serves it', async () => {
  const networks = 'file:///costs/networks.npu';
  await server.open(networks, model);
  await server.phase(networks, 'empty');
  const serving = 'file:///costs/serving.npu';
  await server.open(serving, `import "./networks.npu"\n${imports}${run}`);
  await server.phase(serving, 'fresh');
  expect(await saysAt(networks, { line: 0, character: 7 })).toMatch(/\*\*Stimpack\*\*, burst, batch 1: /);
});
