import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from '../../../language/index.ts';
import { smallProgram } from '../small-program.ts';

const { directory, stimpack } = smallProgram();

describe('import', () => {
  const topology =
    'Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\nConv1, 224, 224, 7, 7, 3, 64, 2,\n';

  test('writes .npu text that the language accepts', async () => {
    writeFileSync(join(directory, 'net.csv'), topology);
    const { code, out, err } = await stimpack('import net.csv');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('// Imported from net.csv.\n');
    expect(parse(out, 'file:///net.npu').diagnostics).toEqual([]);
    expect(await stimpack('import net.csv --out net.npu')).toEqual({ code: 0, out: '', err: '' });
    expect(readFileSync(join(directory, 'net.npu'), 'utf8')).toBe(out);
  });

  test('writes a language model from a configuration', async () => {
    const config = { model_type: 'llama', hidden_size: 64, intermediate_size: 128, num_attention_heads: 4 };
    writeFileSync(join(directory, 'config.json'), JSON.stringify({ ...config, num_hidden_layers: 2, vocab_size: 100 }));
    const { code, out, err } = await stimpack('import config.json');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('input: tokens');
    writeFileSync(join(directory, 'broken.json'), JSON.stringify({ ...config, num_hidden_layers: 0, vocab_size: 100 }));
  });

  test.each([
    ['import nothing.onnx', 'error[no-such-file]'],
    ['import model.onnx', 'error[onnx-'],
    [
      'import broken.json',
      "error[hugging-face-value]: In broken.json, 'num_hidden_layers' must be a whole number from 1 to 1,000.",
    ],
    ['import good.npu', 'good.npu: its name must end in .onnx'],
    ['import model.onnx --out nowhere/a.npu', 'cannot write nowhere/a.npu'],
  ])('stimpack %s', async (line, message) => {
    const ran = await stimpack(line);
    expect([ran.code, ran.out]).toEqual([2, '']);
    expect(ran.err).toContain(message);
  });
});
