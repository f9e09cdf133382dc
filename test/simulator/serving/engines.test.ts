import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requireNode } from '../../../scripts/node-versions.ts';
import { launchChromium } from '../../../scripts/vscode/chromium.ts';
import { results } from './engines-entry.ts';

/* The same seed gives the same bytes in three versions of Node and in a browser. */

let folder = '';
let script = '';
const here = results();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stimpack-engines-'));
  const bundled = await build({
    entryPoints: [fileURLToPath(new URL('./engines-entry.ts', import.meta.url))],
    bundle: true,
    format: 'iife',
    globalName: 'engine',
    target: 'es2022',
    write: false,
  });
  script = bundled.outputFiles[0]?.text ?? '';
  writeFileSync(join(folder, 'engine.cjs'), `${script}\nprocess.stdout.write(engine.results());\n`);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Instead of toBe: for texts of megabytes, only the first difference is useful. */
function same(there: string): void {
  let at = 0;
  while (at < here.length && here[at] === there[at]) at++;
  const around = (text: string) => text.slice(Math.max(0, at - 60), at + 60);
  if (at < here.length || there.length !== here.length) expect(around(there)).toBe(around(here));
  expect(there.length).toBe(here.length);
}

describe('the same seed gives the same bytes', () => {
  test('the text is not empty', () => {
    const lines = here.trim().split('\n');
    expect(lines.length).toBe(27);
    expect(new Set(lines).size).toBe(27);
  });

  test('in a second run', () => same(results()));

  test.each([20, 22, 24])('in Node %d', async (major) => {
    const own = Number(process.versions.node.split('.')[0]) === major;
    const node = own ? process.execPath : await requireNode(major);
    expect(execFileSync(node, ['--version'], { encoding: 'utf8' })).toMatch(new RegExp(`^v${major}\\.`));
    same(execFileSync(node, [join(folder, 'engine.cjs')], { encoding: 'utf8', maxBuffer: 2 ** 28 }));
  });

  test('in Chromium', async () => {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.addScriptTag({ content: script });
      same(await page.evaluate('engine.results()'));
    } finally {
      await browser.close();
    }
  });
});

// ECMAScript (21.3.2) does not define the last bits of these functions and of powers, except for powers of two. Another
// engine, or another version of V8, can give other bits.
test('the simulator uses no function whose last bit depends on the engine', () => {
  const room = fileURLToPath(new URL('../../../simulator', import.meta.url));
  const open =
    /Math\.(a?(cos|sin|tan)h?|atan2|cbrt|exp|expm1|log|log1p|log10|log2|pow|hypot|random)\(|(?<!\b2) \*\*=? |Date\.|performance\./;
  const files = readdirSync(room, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(40);
  const used = files.flatMap((name) => {
    const lines = readFileSync(join(room, name), 'utf8').split('\n');
    return lines.flatMap((line, i) =>
      open.test(line) && !/^\s*(\*|\/\/)/.test(line) ? [`${name}:${i + 1} ${line.trim()}`] : [],
    );
  });
  expect(used).toEqual([]);
});
