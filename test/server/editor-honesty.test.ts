import { expect, test } from 'vitest';
import type { Diagnostic } from 'vscode-languageserver/node';
import { useServerFolder } from './server-folder.ts';

const { at, uriOf, write, start } = useServerFolder();

const mainText = `import "./dep.npu"
import "stimpack/stimpack"
import "stimpack/resnet50"
scenario S {
  npu: Stimpack
  serve ResNet50 { arrivals: poisson(peak), slo { p99 latency <= 15 ms } }
}
`;
const goodDep = 'let peak = 500 rps\n';
const badDep = 'let peak = 500 rps\nnpu Broken { array: 3 }\n';
const errorsOf = (all: readonly Diagnostic[]): readonly Diagnostic[] => all.filter((one) => one.severity === 1);

test.each([true, false])('an error in an import that is not open is reported (client pulls: %s)', async (pulls) => {
  const dep = write('dep.npu', badDep);
  const main = write('main.npu', mainText);
  const s = await start({ pulls });
  await s.open(main, mainText);
  await s.save(main);
  await s.phase(main, 'rejected');
  const own = pulls ? await s.pull(main) : s.lastPublished(main);
  const [found] = errorsOf(own);
  expect(found?.code).toBe('import-has-errors');
  expect(found?.range).toEqual({ start: { line: 0, character: 7 }, end: { line: 0, character: 18 } });
  expect(found?.message).toMatch(/^dep\.npu, line 2 has an error: /);
  const [related] = found?.relatedInformation ?? [];
  expect([related?.location.uri, related?.location.range.start.line]).toEqual([dep, 1]);
  expect(errorsOf(s.lastPublished(dep)).length).toBeGreaterThan(0);
  // Fixing the error on disk removes both diagnostics, and the document runs.
  write('dep.npu', goodDep);
  await s.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: dep, type: 2 }] });
  await s.phase(main, 'fresh');
  expect(errorsOf(pulls ? await s.pull(main) : s.lastPublished(main))).toEqual([]);
  expect(s.lastPublished(dep)).toEqual([]);
});

test('an error behind two imports is reported once, at the first import that leads to it', async () => {
  write('deep/bad.npu', 'npu Broken { array: 3 }\n');
  write('one.npu', 'import "./deep/bad.npu"\nlet one = 1\n');
  write('two.npu', 'import "./deep/bad.npu"\nlet two = 1\n');
  const text = 'import "./two.npu"\nimport "./one.npu"\nlet a = one + two\n';
  const main = write('main.npu', text);
  const s = await start();
  await s.open(main, text);
  const found = errorsOf(await s.pull(main));
  expect(found.map((one) => [one.code, one.range.start.line])).toEqual([['import-has-errors', 0]]);
});

test('the diagnostics of a closed file disappear when no document imports it any more', async () => {
  const dep = write('dep.npu', badDep);
  const main = write('main.npu', mainText);
  const s = await start();
  await s.open(main, mainText);
  await s.until(() => (s.lastPublished(dep).length > 0 ? true : undefined));
  await s.close(main);
  await s.until(() => (s.lastPublished(dep).length === 0 ? true : undefined));
});

test.each([
  (path: string) => `git:${path}?%7B%22path%22%3A%22${path}%22%2C%22ref%22%3A%22~%22%7D`,
  (path: string) => `vscode-vfs://github/owner/name${path}`,
  (path: string) => `vscode-notebook-cell:${path}#W0sZmlsZQ`,
  (path: string) => `stimpack-page:${path}`,
  (path: string) => `gitlens://0123abcd${path}`,
])('a document of a foreign scheme is neither checked nor simulated (%#)', async (foreignOf) => {
  write('dep.npu', goodDep);
  const foreign = foreignOf(at('main.npu'));
  const main = write('main.npu', mainText);
  const s = await start({ pulls: false });
  await s.open(foreign, mainText);
  await s.change(foreign, `${mainText}x`);
  await s.save(foreign);
  const position = { line: 4, character: 9 };
  expect(await s.pull(foreign)).toEqual([]);
  expect(await s.ask('hover', foreign, { position })).toBeNull();
  expect(await s.ask('codeLens', foreign)).toEqual([]);
  expect(await s.ask('formatting', foreign, { options: { tabSize: 2, insertSpaces: true } })).toEqual([]);
  await s.request('stimpack/runRequest', { uri: foreign, action: 'run' });
  await s.open(main, mainText);
  await s.phase(main, 'fresh');
  await s.close(foreign);
  expect(s.published.filter(({ uri }) => uri === foreign)).toEqual([]);
  expect(s.states.filter(({ state }) => state.uri === foreign)).toEqual([]);
});

test.each(['refuses', 'never answers'] as const)('a client that %s every request keeps its server', async (how) => {
  const dep = write('dep.npu', goodDep);
  const main = write('main.npu', mainText);
  const s = await start({ eager: true });
  for (const method of [
    'client/registerCapability',
    'window/workDoneProgress/create',
    'workspace/diagnostic/refresh',
    'workspace/inlayHint/refresh',
  ]) {
    s.connection.onRequest(method, () => {
      if (how === 'refuses') throw new Error('no');
      return new Promise(() => undefined);
    });
  }
  await s.open(main, mainText);
  let { state } = await s.phase(main, 'fresh');
  for (let i = 1; i <= 5; i++) {
    write('dep.npu', `let peak = ${500 + i} rps\n`);
    await s.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: dep, type: 2 }] });
    const { hash } = state;
    state = await s.until(
      () => s.states.findLast((one) => one.state.phase === 'fresh' && one.state.hash !== hash)?.state,
    );
  }
  expect(errorsOf(await s.pull(main))).toEqual([]);
});

test.each([
  '![a](https://example.org/a.png)',
  '![a][ref]',
  '!  [a](https://example.org/a.png)',
  '<img src="https://example.org/a.png">',
  '< IMG src=//example.org/a.png>',
])('a hover never loads an image: %s', async (image) => {
  const uri = uriOf('hover.npu');
  const text = `/// Peak. ${image}\nlet peak = 500 rps\n`;
  const s = await start();
  await s.open(uri, text);
  const hover = await s.ask<{ contents: { value: string } }>('hover', uri, { position: { line: 1, character: 5 } });
  expect(hover.contents.value).toContain('Peak.');
  expect(hover.contents.value).not.toMatch(/(?<!\\)!\s*\[|<\s*img/iu);
});
