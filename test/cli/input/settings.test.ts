import { describe, expect, test } from 'vitest';
import { readSettings } from '../../../cli/input/settings.ts';
import { engineThat, smallProgram } from '../small-program.ts';

const { stimpack } = smallProgram();

describe('--set', () => {
  test.each([
    [['peak=9000rps'], [{ name: 'peak', value: '9000rps' }]],
    [['peak = 9000 rps'], [{ name: 'peak', value: '9000 rps' }]],
    [
      ['a=2 * b', 'c=Mine'],
      [
        { name: 'a', value: '2 * b' },
        { name: 'c', value: 'Mine' },
      ],
    ],
  ])('%j is read', (written, expected) => {
    expect(readSettings(written)).toEqual(expected);
  });

  test.each([
    [['peak'], "'--set' needs NAME=VALUE, such as --set peak=9000rps, but got 'peak'"],
    [['=1'], "but got '=1'"],
    [['peak='], "but got 'peak='"],
    [['peak=1', 'peak=2'], "'--set' gives 'peak' two values; keep one of them"],
    [['peak=1 rps\nnpu X {}'], "expected one value, such as 9000 rps, but got '1 rps\nnpu X {}'"],
    [['peak=1 rps // x'], 'expected one value'],
    [['peak=(1 rps'], "'--set peak=(1 rps'"],
    [['peak={ }'], "'--set peak={ }'"],
  ])('%j is wrong usage', (written, message) => {
    expect(readSettings(written)).toMatchObject({ code: 'usage', message: expect.stringContaining(message) });
  });

  test('replaces the values of the file, all of them in one text', async () => {
    const seen: unknown[] = [];
    const { code } = await stimpack('run set.npu --set peak=9000rps --set half=7rps', engineThat('met', seen));
    expect(code).toBe(0);
    expect(seen[0]).toEqual({
      given: 'set.npu',
      text: 'let peak = 9000rps\nlet half = 7rps\nnpu A {}\nscenario Rush {}\n',
    });
  });

  test.each([
    ['run set.npu --set paek=1rps', "no 'let' is called 'paek'; did you mean 'peak'?; there is peak or half"],
    ['run good.npu --set peak=1rps', "'--set peak=1rps' needs a line 'let peak = ...', but the file has no 'let'"],
    ['capacity good.npu --set peak=1rps', 'but the file has no'],
    ['layers good.npu --set peak=1rps', 'but the file has no'],
    ['check good.npu --set peak=1rps', 'but the file has no'],
    ['explore good.npu --set peak=1rps', 'but the file has no'],
  ])('stimpack %s is rejected', async (line, message) => {
    const { code, err, out } = await stimpack(line);
    expect(code).toBe(2);
    expect(err).toContain('error[unknown-setting]');
    expect(err + out).toContain(message);
  });
});
