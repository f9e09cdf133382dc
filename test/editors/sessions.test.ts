import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isThere, type OtherEditor } from '../../scripts/editors/tools.ts';

/*
 * Real Neovim and real Emacs with `stimpack lsp` and the configuration of docs/editors.md. A script in the language of the editor does what a person
 * does, and writes what the editor has: neovim.lua, emacs.el.
 */

const folder = mkdtempSync(path.join(tmpdir(), 'npu-editors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const design = `import "stimpack/tpuv4i"
let peak = 60000 rps
model Tiny { input: 8, layers { dense(8) } }
scenario Rush {
  npu: TPUv4i
  serve Tiny {
    arrivals: poisson(peak)
    slo { p99 latency <= 1 ns }
  }
}
`;

interface Session {
  readonly problem?: string;
  readonly filetype?: string;
  readonly mode?: string;
  readonly violated: { readonly line: number; readonly message: string };
  readonly hover: string;
  readonly fixes: readonly string[];
  readonly fixed: string;
  readonly renamed: readonly string[];
  readonly formatted: readonly string[];
}

/** The code block of docs/editors.md in a language. Neovim's page has one block for the newer versions and one for the others. */
function configuration(language: string, index: number): string {
  const blocks = [
    ...readFileSync('docs/editors.md', 'utf8').matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gmsu')),
  ];
  return blocks[index]?.[1] ?? '';
}

/** Runs an editor with `stimpack` on its PATH, and its own empty folders. Returns what its script recorded. */
function session(editor: OtherEditor, settings: string, args: (settingsFile: string) => readonly string[]): Session {
  const home = path.join(folder, editor);
  const bin = path.join(home, 'bin');
  mkdirSync(bin, { recursive: true });
  const program = path.join(bin, 'stimpack');
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${path.resolve('dist/cli.cjs')}" "$@"\n`);
  chmodSync(program, 0o755);
  const record = path.join(home, 'record.json');
  const file = path.join(home, 'design.npu');
  writeFileSync(file, design);
  // Neovim reads a file of settings as Lua only if its name ends in .lua.
  const settingsFile = path.join(home, editor === 'nvim' ? 'init.lua' : 'init.el');
  writeFileSync(settingsFile, settings);
  const { stdout, stderr } = spawnSync(editor, args(settingsFile), {
    cwd: home,
    encoding: 'utf8',
    timeout: 100_000,
    env: {
      ...process.env,
      PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}`,
      HOME: home,
      ...Object.fromEntries(['CONFIG', 'STATE', 'CACHE', 'DATA'].map((name) => [`XDG_${name}_HOME`, home])),
      STIMPACK_DESIGN: file,
      STIMPACK_RECORD: record,
    },
  });
  try {
    return JSON.parse(readFileSync(record, 'utf8')) as Session;
  } catch {
    throw new Error(`${editor} wrote no record:\n${stdout}${stderr}`);
  }
}

/** The minor version of Neovim 0. */
function version(): number {
  return Number(/v0\.(\d+)/u.exec(spawnSync('nvim', ['--version'], { encoding: 'utf8' }).stdout)?.[1]);
}

function expectSession(record: Session): void {
  expect(record.problem).toBeUndefined();
  expect(record.violated.line).toBe(8);
  expect(record.violated.message).toMatch(/p99 latency of Tiny is .* times the 1 ns limit/u);
  expect(record.hover).toContain("Google's inference chip of 2020");
  expect(record.fixes[0]).toBe("Replace by 'TPUv4i'");
  expect(record.fixed).toBe('npu: TPUv4i');
  expect(record.renamed).toEqual(['let burst = 60000 rps', '    arrivals: poisson(burst)']);
  expect(record.formatted).toEqual(design.replaceAll('peak', 'burst').trimEnd().split('\n'));
}

const reason = (editor: OtherEditor, how: string): string => `${editor} is not installed; ${how} installs it`;

test('Neovim: diagnostics on save, hover, a quick fix, rename and format', async ({ skip }) => {
  if (!(await isThere('nvim'))) skip(reason('nvim', '`npm test -- editors`'));
  const settings = configuration('lua', version() >= 11 ? 0 : 1);
  const script = path.resolve('test/editors/neovim.lua');
  const record = session('nvim', settings, (file) => ['--headless', '-n', '-u', file, '-S', script]);
  expectSession(record);
  expect(record.filetype).toBe('npu');
});

test('Emacs with eglot: diagnostics on save, hover, a quick fix, rename and format', async ({ skip }) => {
  if (!(await isThere('emacs'))) skip(reason('emacs', '`npm run test:nightly`'));
  const script = path.resolve('test/editors/emacs.el');
  const record = session('emacs', configuration('elisp', 0), (file) => ['--batch', '-l', file, '-l', script]);
  expectSession(record);
  expect(record.mode).toBe('npu-mode');
});
