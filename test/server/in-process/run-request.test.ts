import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { RunNotification } from '../../../protocol/index.ts';
import { serveDocument } from './served-document.ts';
import { smallText, uri } from './small-design.ts';

// The test view takes the first state after the answer for that of the run that it requested.
test('a request to run is answered when the run has started, although an import was loaded first', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'stimpack-import-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const chip = path.join(folder, 'chip.npu');
  writeFileSync(chip, 'let Load = 5 rps\n');
  const served = await serveDocument(`import "${pathToFileURL(chip)}"\n${smallText()}`, { showsRuns: true });
  onTestFinished(served.close);
  const phases: string[] = [];
  served.client.onNotification('stimpack/run', ({ state }: RunNotification) => {
    phases.push(state.phase);
  });
  await served.client.sendRequest('stimpack/runRequest', { uri, action: 'run' });
  expect(phases.at(-1)).toBe('running');
  expect(served.tasks.summary).toEqual(['run']);
});
