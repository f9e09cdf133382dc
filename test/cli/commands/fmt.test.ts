import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { smallProgram } from '../small-program.ts';

const { directory, stimpack } = smallProgram();

describe('fmt', () => {
  const untidy = 'npu   A{\n      clock:1 GHz\n}\n';
  const file = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(directory, name), content);
    return join(directory, name);
  };

  test('rewrites a file that is not formatted, and only once', async () => {
    const path = file('untidy.npu', untidy);
    expect(await stimpack('fmt untidy.npu')).toEqual({ code: 0, out: 'untidy.npu\n', err: '1 of 1 file rewritten\n' });
    expect(readFileSync(path, 'utf8')).toBe('npu A {\n  clock: 1 GHz\n}\n');
    expect(await stimpack('fmt untidy.npu')).toEqual({ code: 0, out: '', err: '0 of 1 file rewritten\n' });
  });
  test('standard input is formatted to standard output', async () => {
    const piped = (line: string, text: string) => stimpack(line, undefined, text);
    expect(await piped('fmt -', untidy)).toEqual({ code: 0, out: 'npu A {\n  clock: 1 GHz\n}\n', err: '' });
    expect(await piped('fmt - --check', untidy)).toEqual({ code: 1, out: '', err: '' });
    expect(await piped('fmt -', 'npu A {')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('<stdin>:1'),
    });
    expect(await piped('fmt - good.npu', untidy)).toMatchObject({
      code: 2,
      err: expect.stringContaining('no other file'),
    });
  });
  test('a folder means its .npu files', async () => {
    for (const name of ['designs/a.npu', 'designs/deep/b.npu']) file(name, untidy);
    expect(await stimpack('fmt --check designs')).toEqual({
      code: 1,
      out: 'designs/a.npu\ndesigns/deep/b.npu\n',
      err: '2 of 2 files to format\n',
    });
    expect((await stimpack('fmt --check designs -q')).err).toBe('');
    expect((await stimpack('fmt no-designs')).code).toBe(2);
  });
  test('--check writes nothing', async () => {
    const path = file('check.npu', untidy);
    expect(await stimpack('fmt check.npu --check')).toMatchObject({ code: 1, out: 'check.npu\n' });
    expect(readFileSync(path, 'utf8')).toBe(untidy);
  });
  test('Windows line ends and a byte order mark are kept', async () => {
    const path = file('windows.npu', `\uFEFF${untidy.replaceAll('\n', '\r\n')}`);
    await stimpack('fmt windows.npu');
    expect(readFileSync(path, 'utf8')).toBe('\uFEFFnpu A {\r\n  clock: 1 GHz\r\n}\r\n');
  });
  test.each([
    ['text that does not parse', 'npu A {\n clock: \n', 'error[missing-'],
    ['text that is not UTF-8', Uint8Array.of(0x2f, 0x2f, 0xe4, 0x0a), 'error[not-text]'],
  ])('%s stays unchanged', async (_, content, message) => {
    const path = file('left.npu', content);
    const ran = await stimpack('fmt left.npu');
    expect([ran.code, ran.out]).toEqual([2, '']);
    expect(ran.err).toContain(message);
    expect(readFileSync(path)).toEqual(Buffer.from(content));
  });
});
