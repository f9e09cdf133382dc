import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageExtension, packageWebExtension } from '../../scripts/package.ts';

/* Reads the packages as the stores get them. */

const folder = mkdtempSync(path.join(tmpdir(), 'npu-package-'));
afterAll(() => rmSync(folder, { recursive: true }));
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const megabyte = 1_000_000;

/** The names in a ZIP archive, from its central directory. */
function namesIn(archive: Buffer): readonly string[] {
  const end = archive.lastIndexOf('PK\u0005\u0006', undefined, 'latin1');
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  return Array.from({ length: count }, () => {
    const [name = 0, extra = 0, comment = 0] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset));
    const start = at + 46;
    at = start + name + extra + comment;
    return archive.toString('utf8', start, start + name);
  });
}

describe('the extension package', () => {
  let vsix = '';
  beforeAll(async () => {
    vsix = await packageExtension(path.join(folder, 'stimpack.vsix'));
  });

  it('is at most 1 MB', () => {
    expect(statSync(vsix).size).toBeLessThanOrEqual(megabyte);
  });

  it('contains every required file, and no other', () => {
    const names = namesIn(readFileSync(vsix));
    const prefix = 'extension/';
    // The two files that describe the archive itself.
    expect(names.filter((name) => !name.startsWith(prefix)).sort()).toEqual([
      '[Content_Types].xml',
      'extension.vsixmanifest',
    ]);
    const files = names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
    // The packer renames the pages that the Marketplace shows.
    const wanted = [
      /^(readme|changelog|SUPPORT|SECURITY)\.md$/u,
      /^(LICENSE\.txt|THIRD-PARTY-NOTICES\.txt|llms\.txt|package\.json)$/u,
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

describe('the extension package for a browser', () => {
  const unpacked = path.resolve('.artifacts/web-extension');
  let names: readonly string[] = [];

  it('is at most 1 MB', async () => {
    const vsix = await packageWebExtension(path.join(folder, 'stimpack-web.vsix'));
    names = namesIn(readFileSync(vsix));
    expect(statSync(vsix).size).toBeLessThanOrEqual(megabyte);
  });

  it('has the files of the other package, with bundles for a browser and without those for Node', () => {
    const other = namesIn(readFileSync(path.join(folder, 'stimpack.vsix')));
    const wanted = other.filter((file) => !/^extension\/(dist\/[^/]+\.cjs|scripts\/.*)$/u.test(file));
    const bundles = ['extension/dist/web/client.js', 'extension/dist/web/server.js'];
    expect([...names].sort()).toEqual([...wanted, ...bundles].sort());
  });

  it('has a manifest that needs no process', () => {
    const web = JSON.parse(readFileSync(path.join(unpacked, 'package.json'), 'utf8'));
    expect([web.name, web.version, web.publisher]).toEqual([manifest.name, manifest.version, manifest.publisher]);
    expect(web.browser).toBe('./dist/web/client.js');
    expect(web.capabilities.virtualWorkspaces).toBe(true);
    // A module or a program of Node would not start. Without `extensionKind`, VS Code decides from the manifest that the extension only runs in a browser.
    for (const key of ['main', 'type', 'bin', 'exports', 'scripts', 'extensionKind', 'devDependencies'])
      expect(web, key).not.toHaveProperty(key);
    const commands: readonly string[] = web.contributes.commands.map(({ command }: { command: string }) => command);
    expect(manifest.contributes.commands.length - commands.length).toBe(4);
    const text = JSON.stringify(web.contributes);
    expect(text).not.toMatch(
      /stimpack\.(capacity|compareRevision|exportReport|reproduce)"|stimpack\.agents|"stimpack-task"/u,
    );
    const used = [...text.matchAll(/(?:"command":"|command:|onCommand:)([\w.]+)/gu)].map(([, command]) => command);
    expect(used.filter((command) => !commands.includes(command ?? ''))).toEqual([]);
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

      // docs/api.md: each example prints the output that the page shows.
      const examples = readFileSync('docs/api.md', 'utf8').matchAll(/^```js\n(.*?)^```\n\n```text\n(.*?)^```$/gmsu);
      const printed = [...examples].map(([, code = '', output = ''], index) => {
        const file = `example-${index}.mjs`;
        writeFileSync(path.join(empty, file), code);
        return { file, output };
      });
      expect(printed.length).toBeGreaterThan(3);
      for (const { file, output } of printed) expect(run('node', file), file).toBe(output);

      // The names and the types, without VS Code: nothing but the package is installed.
      writeFileSync(path.join(empty, 'names.cjs'), "console.log(Object.keys(require('stimpack')).join());");
      expect(run('node', 'names.cjs')).toBe('version,open,simulate,capacity,explore\n');
      writeFileSync(path.join(empty, 'typed.mts'), typedScript);
      const compiler = path.resolve('node_modules/typescript/bin/tsc');
      const options = [
        '--module',
        'nodenext',
        '--lib',
        'es2023,dom',
        '--strict',
        '--noUncheckedIndexedAccess',
        '--noEmit',
      ];
      const checked = spawnSync(process.execPath, [compiler, ...options, 'typed.mts'], {
        cwd: empty,
        encoding: 'utf8',
      });
      expect(checked.stdout).toBe('');
      // npm and a simulation take minutes on a loaded machine.
    },
    600_000,
  );

  it('has every file that its entry names', () => {
    for (const file of Object.values<string>(manifest.exports['.'])) expect(existsSync(file), file).toBe(true);
  });

  it('has every program of the manifest', () => {
    for (const file of [manifest.main, ...Object.values<string>(manifest.bin)])
      expect(existsSync(file), file).toBe(true);
  });
});

/** Uses the declared types. A comment marks each line that must be an error. */
const typedScript = `
import { type Design, type ExplorationResult, explore, open, simulate, type Verdict, version } from 'stimpack';
const design: Design = await open({ text: '' }, { settings: { peak: '9000 rps', factor: 2 } });
const { verdict, scenarios, diagnostics } = await simulate(design, { seed: 7, signal: AbortSignal.timeout(1000) });
const known: Verdict | null = verdict;
const latency: number | null | undefined = scenarios[0]?.serves[0]?.p99LatencySeconds;
const limit: number | null | undefined = scenarios[0]?.serves[0]?.slos[0]?.limitSeconds;
const found: ExplorationResult = await explore(design, { search: 'nsga2', budget: 12 });
const power: number | null | undefined = found.designs[0]?.averagePowerWatts;
// @ts-expect-error: no such option
await simulate(design, { scenrio: 'Rush' });
// @ts-expect-error: a file has no such key
diagnostics[0]?.line;
console.log(version, known, latency, limit, power);
`;
