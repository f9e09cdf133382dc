import { afterEach, expect, test } from 'vitest';
import type { InlayHint } from 'vscode-languageserver/node';
import { TestServer } from './language-server.ts';

/** What the editor shows of results in the text itself: beside each objective, and never as fresh where the text has changed. */

const uri = 'file:///results/design.npu';
const text = `import "stimpack/stimpack"
import "stimpack/resnet50"
scenario Rush {
  npu: Stimpack
  serve ResNet50 {
    arrivals: poisson(500 rps)
    slo {
      accuracy >= 70 %
      p99 latency <= 15 ms
    }
  }
}
`;
const all = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };

let server: TestServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** Line and label of the hints behind objectives. */
async function hints(s: TestServer): Promise<readonly string[]> {
  const found = await s.ask<InlayHint[]>('inlayHint', uri, { range: all });
  return found.map((one) => `${one.position.line}: ${String(one.label).replace(/^[\d.]+/u, 'N')}`);
}

test('beside each objective stands what was measured; after an edit it says that it is of before', async () => {
  server = (await TestServer.start()).server;
  await server.open(uri, text);
  await server.phase(uri, 'fresh');
  expect(await hints(server)).toEqual(['7: N % ✓', '8: N µs ✓']);
  await server.change(uri, `// moved\n${text}`);
  expect(await hints(server)).toEqual(['8: N % ✓', '9: N µs ✓']);
  await server.change(uri, text.replace('500 rps', '600 rps'));
  expect(await hints(server)).toEqual(['7: N %, before this edit', '8: N µs, before this edit']);
});

test('an objective that was taken away takes its figure with it, and others keep theirs', async () => {
  server = (await TestServer.start()).server;
  await server.open(uri, text);
  await server.phase(uri, 'fresh');
  await server.change(uri, text.replace('      accuracy >= 70 %\n', ''));
  expect(await hints(server)).toEqual(['7: N µs, before this edit']);
});
