import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listFiles } from '@vscode/vsce';
import { afterAll, describe, expect, it } from 'vitest';
import { packageExtension } from '../../scripts/package.ts';

/* Reads the packages as the stores get them. */

const folder = mkdtempSync(path.join(tmpdir(), 'npu-package-'));
afterAll(() => rmSync(folder, { recursive: true }));
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const megabyte = 1_000_000;

describe('the extension package', () => {
  it('is at most 1 MB', async () => {
    const vsix = await packageExtension(path.join(folder, 'stimpack.vsix'));
    expect(statSync(vsix).size).toBeLessThanOrEqual(megabyte);
  });

  it('contains every file that is wanted, and no other', async () => {
    const files = (await listFiles()).map((file) => file.replaceAll('\\', '/'));
    const wanted = [
      /^(README|CHANGELOG|SUPPORT|SECURITY)\.md$/u,
      /^(LICENSE|THIRD-PARTY-NOTICES\.txt|llms\.txt|package\.json)$/u,
      /^client\/media\/icon\.(svg|png)$/u,
      /^client\/walkthrough\/\w+\.md$/u,
      /^dist\/[\w-]+\.cjs$/u,
      /^dist\/webview\/panel\.(js|css)$/u,
      /^docs\/(diagnostics\/)?[\w-]+\.md$/u,
      /^examples\/[\w./-]+$/u,
      /^library\/stimpack\/[\w-]+\.npu$/u,
      /^scripts\/reproduce\/experiment\.npu$/u,
      /^syntaxes\/[\w.-]+\.json$/u,
    ];
    expect(files.filter((file) => !wanted.some((pattern) => pattern.test(file)))).toEqual([]);
    expect(wanted.filter((pattern) => !files.some((file) => pattern.test(file))).map(String)).toEqual([]);
    for (const name of readdirSync('docs/diagnostics')) expect(files).toContain(`docs/diagnostics/${name}`);
  });
});

describe('the npm package', () => {
  // The scripts of npm would build dist/ while other tests use it.
  const pack = (): string => {
    const options = ['pack', '--ignore-scripts', '--pack-destination', folder];
    const out = execFileSync('npm', options, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return path.join(folder, out.trim().split('\n').at(-1) ?? '');
  };
  const has = spawnSync('npm', ['--version']).status === 0;

  it.runIf(has)(
    'runs from the tarball in an empty folder',
    () => {
      const tarball = pack();
      const empty = mkdtempSync(path.join(folder, 'empty-'));
      const run = (command: string, ...args: readonly string[]): string =>
        execFileSync(command, args, { cwd: empty, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
      run('npm', 'install', '--offline', '--no-audit', '--no-fund', tarball);
      expect(run('npx', '--offline', 'stimpack', 'init')).toContain('design.npu is written');
      expect(run('npx', '--offline', 'stimpack', 'run', 'design.npu')).toContain('met');
      expect(readdirSync(path.join(empty, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
        'stimpack',
      ]);
      // npm and a simulation take minutes on a loaded machine.
    },
    600_000,
  );

  it('has every program of the manifest', () => {
    for (const file of [manifest.main, ...Object.values<string>(manifest.bin)])
      expect(existsSync(file), file).toBe(true);
  });
});
