import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CachedTool } from '../../scripts/vscode/cache.ts';
import { installed } from '../../scripts/vscode/cache.ts';
import { removeFolder } from '../../scripts/vscode/processes.ts';

let cache: string;

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'stimpack-cache-test-'));
  vi.stubEnv('STIMPACK_CACHE', cache);
  vi.spyOn(console, 'log').mockReturnValue();
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  removeFolder(cache);
});

function tool(install: CachedTool['install']): CachedTool {
  return { name: 'tool-1', versions: { tool: '1' }, install };
}

test('two processes that need the same tool at once install it once', async () => {
  const install = vi.fn(async (folder: string) => {
    await sleep(50);
    writeFileSync(join(folder, 'program'), '');
  });
  const folders = await Promise.all([installed(tool(install)), installed(tool(install))]);
  expect(folders).toEqual([join(cache, 'tool-1'), join(cache, 'tool-1')]);
  expect(install).toHaveBeenCalledTimes(1);
  expect(readdirSync(cache)).toEqual(['tool-1']);
});

test('a failed install leaves nothing behind, and the next one works', async () => {
  await expect(installed(tool(() => Promise.reject(new Error('no network'))))).rejects.toThrow('no network');
  expect(readdirSync(cache)).toEqual([]);
  const folder = await installed(tool(async (half) => writeFileSync(join(half, 'program'), '')));
  expect(existsSync(join(folder, 'program'))).toBe(true);
});

test('the incomplete install of a killed process, and its lock, disturb no other process', async () => {
  const dead = spawnSync(process.execPath, ['--version']).pid;
  writeFileSync(join(cache, 'tool-1.lock'), String(dead));
  mkdirSync(join(cache, `tool-1.half-${dead}`));
  mkdirSync(join(cache, 'tool-1'));
  writeFileSync(join(cache, 'tool-1', 'program'), 'half of it');
  const install = vi.fn(async () => undefined);
  await installed(tool(install));
  expect(install).toHaveBeenCalledTimes(1);
  expect(readdirSync(cache)).toEqual(['tool-1']);
  expect(readdirSync(join(cache, 'tool-1'))).toEqual(['installed.json']);
});
