import { describe, expect, test } from 'vitest';
import { smallProgram } from '../small-program.ts';

const { stimpack } = smallProgram();

describe('check', () => {
  test('without a problem, the exit code is 0', async () => {
    expect(await stimpack('check good.npu empty.npu')).toEqual({ code: 0, out: 'no problems in 2 files\n', err: '' });
  });
  test('a warning does not change the exit code', async () => {
    const { code, out } = await stimpack('check warned.npu');
    expect([code, out]).toEqual([0, expect.stringContaining('1 warning in 1 file')]);
  });
  test('an error in a file with Windows line ends, and a missing file, are reported', async () => {
    const { code, out, err } = await stimpack('check broken.npu nothing.npu');
    expect(code).toBe(2);
    expect(out).toContain(' --> broken.npu:2:3\n  |\n2 |   clok: 1 GHz\n  |   ^^^^\n');
    expect(err).toContain('error[no-such-file]: cannot read nothing.npu: there is no such file\n');
  });
  test('JSON has the same problems', async () => {
    const { out } = await stimpack('check broken.npu --format json');
    expect(JSON.parse(out)).toEqual({
      schemaVersion: 1,
      command: 'check',
      exitCode: 2,
      files: ['broken.npu'],
      errorCount: 1,
      warningCount: 0,
      diagnostics: [
        {
          severity: 'error',
          code: 'unknown-property',
          message: "There is no 'clok'.",
          file: 'broken.npu',
          startLine: 2,
          startColumn: 3,
          endLine: 2,
          endColumn: 7,
          related: [],
          fixes: [],
        },
      ],
    });
  });
});
