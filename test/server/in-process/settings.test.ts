import { afterEach, describe, expect, test } from 'vitest';
import { defaultSettings, readSettings } from '../../../server/settings.ts';
import { type ServedDocument, serveDocument } from './served-document.ts';
import { smallText, uri } from './small-design.ts';

describe('settings are read', () => {
  test.each<[unknown, Partial<typeof defaultSettings>]>([
    [undefined, {}],
    [null, {}],
    ['onType', {}],
    [{ run: 'onType' }, { runOnType: true }],
    [{ run: 'always' }, {}],
    [{ runOnType: true }, { runOnType: true }],
    [
      { runOnOpen: false, inlayHints: false, codeLenses: false },
      { runOnOpen: false, inlayHints: false, codeLenses: false },
    ],
    [{ inlayHints: 'no', workers: '4' }, {}],
    [{ workers: 4 }, { workers: 4 }],
    [{ workers: 0 }, {}],
    [{ workers: 2.5 }, {}],
    [{ workers: 1000 }, { workers: 16 }],
  ])('%j', (given, expected) => {
    expect(readSettings(given)).toEqual({ ...defaultSettings, ...expected });
  });

  test('a missing or wrong value keeps the one before', () => {
    const before = { ...defaultSettings, runOnType: true, workers: 5 };
    expect(readSettings({ workers: -1, inlayHints: false }, before)).toEqual({ ...before, inlayHints: false });
    expect(readSettings({ run: 'onSave' }, before)).toEqual({ ...before, runOnType: false });
  });
});

describe('settings apply without a restart', () => {
  let served: ServedDocument | undefined;
  afterEach(() => served?.close());

  const range = { start: { line: 0, character: 0 }, end: { line: 100, character: 0 } };

  test('hints and lenses', async () => {
    served = await serveDocument(smallText(), { commands: ['stimpack.run'] });
    const { client, set } = served;
    const count = async (method: string, params: object = {}) =>
      (await client.sendRequest<readonly unknown[]>(`textDocument/${method}`, { textDocument: { uri }, ...params }))
        .length;
    const counts = async () => [await count('inlayHint', { range }), await count('codeLens')];
    expect(await counts()).toEqual([1, 1]);
    await set({ inlayHints: false });
    expect(await counts()).toEqual([0, 1]);
    await set({ codeLenses: false });
    expect(await counts()).toEqual([0, 0]);
    await set({ inlayHints: true, codeLenses: true });
    expect(await counts()).toEqual([1, 1]);
    expect(served.requested).toEqual(
      expect.arrayContaining(['workspace/inlayHint/refresh', 'workspace/codeLens/refresh']),
    );
  });

  test('runs on typing, and the number of workers', async () => {
    served = await serveDocument(smallText());
    const { client, tasks, set, edit } = served;
    const handled = () => client.sendRequest('textDocument/codeLens', { textDocument: { uri } });
    await client.sendRequest('stimpack/runRequest', { uri, action: 'run' });
    expect(tasks.summary).toEqual(['run']);
    await edit(smallText('200 rps'));
    await client.sendRequest('textDocument/diagnostic', { textDocument: { uri } });
    expect(tasks.summary).toEqual(['run']);
    await set({ run: 'onType', workers: 7 });
    await edit(smallText('300 rps'));
    await client.sendRequest('textDocument/diagnostic', { textDocument: { uri } });
    expect(tasks.summary).toEqual(['run cancelled', 'run']);
    await set(null);
    await handled();
    expect(tasks.workers).toBe(7);
  });
});
