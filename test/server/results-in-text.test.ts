import { afterEach, expect, test } from 'vitest';
import type { InlayHint } from 'vscode-languageserver/node';
import { TestServer } from './language-server.ts';

/** The results in the text of the editor: after each objective, and never as fresh if the text has changed. */

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

/** The line and label of the hints after objectives. */
async function hints(s: TestServer): Promise<readonly string[]> {
  const found = await s.ask<InlayHint[]>('inlayHint', uri, { range: all });
  return found.map((one) => `${one.position.line}: ${String(one.label).replace(/^[\d.]+/u, 'N')}`);
}

test('the measured value is after each objective, and after an edit it is marked as older', async () => {
  server = (await TestServer.start()).server;
  await server.open(uri, text);
  await server.phase(uri, 'fresh');
  expect(await hints(server)).toEqual(['7: N % ✓', '8: N µs ✓']);
  await server.change(uri, `// moved\n${text}`);
  expect(await hints(server)).toEqual(['8: N % ✓', '9: N µs ✓']);
  await server.change(uri, text.replace('500 rps', '600 rps'));
  expect(await hints(server)).toEqual(['7: N %, before this edit', '8: N µs, before this edit']);
});

test('deleting an objective deletes its value, and the others keep theirs', async () => {
  server = (await TestServer.start()).server;
  await server.open(uri, text);
  await server.phase(uri, 'fresh');
  await server.change(uri, text.replace('      accuracy >= 70 %\n', ''));
  expect(await hints(server)).toEqual(['7: N µs, before this edit']);
});
