import { expect, test } from 'vitest';
import { ShownRuns } from '../../client/shown-runs.ts';
import type { RunUpdate } from '../../protocol/index.ts';

function update(name: string, hasResults: boolean): RunUpdate {
  const uri = `file:///${name}.npu`;
  const results = hasResults ? { tree: null, buffer: new ArrayBuffer(0) } : null;
  return {
    state: {
      uri,
      name,
      sequence: 1,
      phase: hasResults ? 'stale' : 'rejected',
      progress: null,
      problem: null,
      elapsedSeconds: null,
      explorations: [],
      imports: [],
      hash: null,
    },
    results,
  };
}

test('the next server runs once each document whose results were shown when the server ended', () => {
  const shown = new ShownRuns();
  expect(shown.serverStarted()).toEqual([]);
  shown.serverEnded([update('run', true), update('never-run', false), update('closed', true)]);
  shown.closed('file:///closed.npu');
  expect(shown.serverStarted()).toEqual(['file:///run.npu']);
  expect(shown.serverStarted()).toEqual([]);
});

test('a server that ends again before it has results loses nothing', () => {
  const shown = new ShownRuns();
  shown.serverEnded([update('run', true)]);
  shown.serverEnded([]);
  expect(shown.serverStarted()).toEqual(['file:///run.npu']);
});
