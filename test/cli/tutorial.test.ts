import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

/* Does docs/tutorial.md as a reader: saves each design, types each command, and compares what it prints, byte for byte. */

const folder = mkdtempSync(path.join(tmpdir(), 'npu-tutorial-'));
afterAll(() => rmSync(folder, { recursive: true }));

const blocks = [...readFileSync('docs/tutorial.md', 'utf8').matchAll(/^```(\w+)\n(.*?)^```$/gmsu)].map(
  ([, language = '', text = '']) => ({ language, text }),
);
const steps = blocks.flatMap(({ language, text }, index) => {
  const args = /^npx stimpack (.+)\n$/u.exec(text)?.[1];
  if (language !== 'sh' || args === undefined) return [];
  const design = blocks.slice(0, index).findLast((block) => block.language === 'npu')?.text ?? '';
  const output = blocks[index + 1];
  return [{ args, design, output: output?.language === 'text' ? output.text : '' }];
});

describe('the tutorial', () => {
  it('has its steps', () => expect(steps.length).toBe(5));

  it.each(steps)('stimpack $args', ({ args, design, output }) => {
    writeFileSync(path.join(folder, 'camera.npu'), design);
    const command = [path.resolve('dist/cli.cjs'), ...args.split(' ')];
    const { stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' });
    // The library of a reader is in the package that npm installed.
    const printed = `${stdout}${stderr}`.replaceAll(path.resolve('library'), 'node_modules/stimpack/library');
    expect(printed).toBe(output);
  });

  it('ends with a chip that meets its objective', () => expect(steps.at(-1)?.output).toContain('1 objective: 1 met'));
});
