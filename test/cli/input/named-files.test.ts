import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { patternExpression } from '../../../cli/input/glob.ts';
import { namedFiles } from '../../../cli/input/named-files.ts';

const directory = mkdtempSync(join(tmpdir(), 'npu-named-'));
afterAll(() => rmSync(directory, { recursive: true }));
const files = [
  'a.npu',
  'b[1].npu',
  'designs/c.npu',
  'designs/deep/d.npu',
  'designs/deep/notes.txt',
  'designs/.hidden/e.npu',
  'designs/node_modules/x/f.npu',
  'with space/g.npu',
];
for (const file of files) {
  mkdirSync(join(directory, dirname(file)), { recursive: true });
  writeFileSync(join(directory, file), '');
}
mkdirSync(join(directory, 'empty'));
symlinkSync(join(directory, 'designs'), join(directory, 'designs', 'deep', 'circle'));

describe('the files that arguments name', () => {
  test.each([
    [['a.npu'], ['a.npu'], false],
    [['missing.npu'], ['missing.npu'], false],
    [['-'], ['-'], false],
    [['a.npu', 'designs/c.npu'], ['a.npu', 'designs/c.npu'], true],
    [['a.npu', 'a.npu'], ['a.npu'], true],
    [['designs'], ['designs/c.npu', 'designs/deep/d.npu'], true],
    [['designs/'], ['designs/c.npu', 'designs/deep/d.npu'], true],
    [['with space'], ['with space/g.npu'], true],
    [['*.npu'], ['a.npu', 'b[1].npu'], true],
    [['./*.npu'], ['a.npu', 'b[1].npu'], true],
    [['b[1].npu'], ['b[1].npu'], false],
    [['**/*.npu'], ['a.npu', 'b[1].npu', 'designs/c.npu', 'designs/deep/d.npu', 'with space/g.npu'], true],
    [['designs/*.npu'], ['designs/c.npu'], true],
    [['designs/{c,x}.npu'], ['designs/c.npu'], true],
    [['designs/**/[d-z].npu'], ['designs/deep/d.npu'], true],
    [['designs/.hidden/*.npu'], ['designs/.hidden/e.npu'], true],
    [['?.npu'], ['a.npu'], true],
  ])('%j', async (given, names, isList) => {
    expect(await namedFiles(given, directory)).toEqual({ names, complaints: [], isList });
  });

  test('an absolute pattern names absolute files', async () => {
    expect((await namedFiles([`${directory}/designs/*.npu`], '/')).names).toEqual([`${directory}/designs/c.npu`]);
  });

  test.each([
    ['empty', 'empty contains no .npu file'],
    ['designs/*.onnx', 'no file matches designs/*.onnx'],
    ['nowhere/*.npu', 'no file matches nowhere/*.npu'],
  ])('%s names none, with the reason', async (given, message) => {
    const { names, complaints } = await namedFiles([given], directory);
    expect([names, complaints[0]?.code, complaints[0]?.message]).toEqual([[], 'no-match', message]);
  });
});

describe('a pattern', () => {
  test.each([
    ['*.npu', 'a.npu', true],
    ['*.npu', 'x/a.npu', false],
    ['*.npu', 'anpu', false],
    ['**/a.npu', 'a.npu', true],
    ['x/**', 'x/y/z', true],
    ['x/**', 'xy', false],
    ['[!a].npu', 'b.npu', true],
    ['[!a].npu', 'a.npu', false],
    ['{a,b}.{npu,txt}', 'b.txt', true],
    ['a+(1).npu', 'a+(1).npu', true],
    ['{a', '{a', true],
    ['[a', '[a', true],
  ])('%s against %s: %s', (pattern, name, expected) => {
    expect(patternExpression(pattern).test(name)).toBe(expected);
  });
});
