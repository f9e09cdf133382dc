import { describe, expect, test } from 'vitest';
import { renderBug } from '../../../cli/bug.ts';
import { recordingTerminal, smallProgram } from '../small-program.ts';

const { directory, stimpack } = smallProgram();

describe('usage', () => {
  test.each([
    ['', 2, 'err', 'Commands'],
    ['--help', 0, 'out', 'Commands'],
    ['help', 0, 'out', 'Commands'],
    ['help run', 0, 'out', '--scenario S'],
    ['run --help', 0, 'out', '--scenario S'],
    ['run nothing.npu -h', 0, 'out', '--scenario S'],
    ['--version', 0, 'out', 'stimpack '],
    ['-V', 0, 'out', 'stimpack '],
    ['rnu', 2, 'err', "unknown command 'rnu'; did you mean 'run'?"],
    ['help rnu', 2, 'err', "did you mean 'run'?"],
    ['--verison', 2, 'err', "unknown option '--verison'; did you mean '--version'?"],
    ['run', 2, 'err', 'missing FILE'],
    ['run good.npu --frmat json', 2, 'err', "did you mean '--format'?"],
    ['run good.npu --seed many', 2, 'err', "'--seed' is a whole number from 0 to 4294967295, not 'many'"],
    ['run good.npu --seed -1', 2, 'err', "not '-1'"],
    ['run good.npu --seed 1.5', 2, 'err', "not '1.5'"],
    ['run good.npu --seed 4294967296', 2, 'err', "not '4294967296'"],
    ['layers good.npu --batch 4097', 2, 'err', "'--batch' is a whole number from 1 to 4096, not '4097'"],
    ['layers good.npu --batch 0', 2, 'err', "'--batch' is a whole number from 1 to 4096, not '0'"],
    ['run nothing.npu', 2, 'err', 'cannot read nothing.npu: there is no such file'],
    ['run good.npu/nothing.npu', 2, 'err', 'cannot read good.npu/nothing.npu: there is no such file'],
    ['layers designs', 2, 'err', 'cannot read designs: it is a directory, not a file; name a file in it: a.npu'],
    ['run no-designs', 2, 'err', 'no-designs contains no .npu file'],
    ['run model.onnx', 2, 'err', 'cannot read model.onnx: its name must end in .npu'],
    ['run empty.npu', 2, 'err', 'the file has no scenario: there is nothing to run'],
    ['run good.npu --scenario rush', 2, 'err', "no scenario is called 'rush'; did you mean 'Rush'?"],
    ['run good.npu --scenario Evening', 2, 'err', 'there is Rush or Imported'],
    ['layers good.npu --model Resnet50', 2, 'err', "did you mean 'ResNet50'?"],
    ['layers good.npu --npu X', 2, 'err', "no NPU is called 'X'; there is A or Conventional"],
    ['layers good.npu --npu Conventional --mode burst', 2, 'err', 'Conventional has no burst mode'],
    ['layers empty.npu', 2, 'err', 'the file has no model'],
    ['run broken.npu', 2, 'err', 'broken.npu was not run: 1 error'],
  ] as const)('stimpack %s', async (line, code, stream, text) => {
    const ran = await stimpack(line);
    expect(ran.code).toBe(code);
    expect(ran[stream]).toContain(text);
    expect(ran[stream === 'out' ? 'err' : 'out']).toBe('');
  });

  test.each([
    ['rnu --format json', 'usage'],
    ['run --format json', 'usage'],
    ['run nothing.npu --format json', 'no-such-file'],
    ['layers designs --format json', 'not-a-file'],
    ['run no-designs --format json', 'no-match'],
    ['run broken.npu --format=json', 'unknown-property'],
    ['run empty.npu -f json', 'unknown-scenario'],
    ['check nothing.npu --format json', 'no-such-file'],
    ['layers good.npu -m X --format json', 'unknown-model'],
  ])('stimpack %s reports the error in JSON on standard output', async (line, expected) => {
    const { code, out, err } = await stimpack(line);
    const document = JSON.parse(out);
    expect([code, err, document.exitCode, document.diagnostics[0].code]).toEqual([2, '', 2, expected]);
    expect(document.diagnostics[0]).toMatchObject({ severity: 'error', message: expect.any(String) });
  });

  test('every listed command has help that fits a hundred columns, with each option and an example', async () => {
    const commands = (await stimpack('--help')).out.split('Commands\n')[1]?.split('\n\n')[0] ?? '';
    const names = commands.split('\n').flatMap((line) => /^ {2}(\S+)/u.exec(line)?.[1] ?? []);
    expect(names).toContain('run');
    for (const name of names) {
      const { code, out } = await stimpack(`${name} --help`);
      expect([code, out]).toEqual([0, expect.stringContaining(`$ stimpack ${name} `)]);
      const [synopsis = '', options = ''] = out.split('Arguments and options');
      for (const [option] of synopsis.matchAll(/\[--[a-z-]+/gu)) expect(options).toContain(` ${option.slice(1)}`);
      for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    }
  });
});

describe('a bug in Stimpack', () => {
  function report(args: readonly string[]): { readonly out: string; readonly err: string } {
    const { terminal, written } = recordingTerminal(directory);
    renderBug(args, new Error('bucket -1 of 200'), terminal);
    return written;
  }
  test('is reported with the lines that a bug report needs', () => {
    const { out, err } = report(['run', 'a b.npu']);
    expect(out).toBe('');
    expect(err).toContain('internal error: bucket -1 of 200');
    expect(err).toContain('arguments: ["run","a b.npu"]');
    expect(err).toContain(`Node ${process.version}`);
  });
  test('is reported in JSON', () => {
    const document = JSON.parse(report(['run', 'a.npu', '--format', 'json']).out);
    expect([document.exitCode, document.diagnostics[0].code]).toEqual([3, 'internal-error']);
  });
});
