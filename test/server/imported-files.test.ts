import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { useServerFolder } from './server-folder.ts';

/* Files without scenarios: which documents use them, and who runs them. */

const { write, start } = useServerFolder();
const rush = readFileSync('examples/rush.npu', 'utf8');

test('the state of a document lists the files that it imports, and a run of one of them runs the document', async () => {
  const chips = 'import "stimpack/stimpack"\nnpu Mine extends Stimpack {\n  clock: 900 MHz\n}\n';
  const chipsUri = write('chips.npu', chips);
  const text = `import "./chips.npu"\n${rush.replace('npu: Stimpack', 'npu: Mine').replace('duration', '// duration')}`;
  const uri = write('three.npu', text);
  const s = await start();
  await s.open(uri, text);
  await s.open(chipsUri, chips);
  const { state } = await s.phase(uri, 'fresh');
  expect(state.imports).toContain(chipsUri);
  expect(state.imports.some((file) => file.endsWith('/library/stimpack/stimpack.npu'))).toBe(true);
  expect(state.imports).not.toContain(uri);
  expect((await s.phase(chipsUri, 'empty')).state.imports).not.toContain(chipsUri);
  await s.change(chipsUri, chips.replace('900', '800'));
  await s.phase(uri, 'stale');
  await s.request('stimpack/runRequest', { uri: chipsUri, action: 'run' });
  const { state: again } = await s.phase(uri, 'fresh');
  expect(again.hash).not.toBe(state.hash);
});
