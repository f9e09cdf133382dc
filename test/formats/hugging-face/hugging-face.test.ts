import { describe, expect, it, test } from 'vitest';
import type { Attention, Model } from '../../../design/index.ts';
import { readHuggingFace, writeNpu } from '../../../formats/index.ts';
import { costModel, kvBytesPerToken } from '../../../simulator/index.ts';
import { plainTpu } from '../../simulator/hardware/fixtures.ts';
import { modelOf } from '../../simulator/steps/models.ts';
import { type Released, released } from './configurations.ts';

const uri = 'file:///config.json';
const readText = (text: string) => readHuggingFace(text, 'Net', 'config.json', (start, end) => ({ uri, start, end }));
const read = (config: Released['config']) => readText(JSON.stringify(config, null, 2));

function configOf(name: string): Released['config'] {
  const found = released.find((one) => one.name.startsWith(name));
  if (found === undefined) throw new Error(`no ${name}`);
  return found.config;
}

function modelFrom(config: Released['config']): Model {
  const { value, diagnostics } = read(config);
  if (value === undefined) throw new Error(diagnostics[0]?.message);
  return value;
}

const parametersOf = (model: Model): number => costModel(plainTpu, model, 'base', 1).parameters;

const attentionOf = (model: Model): readonly Attention[] =>
  model.layers.flatMap(({ operation }) => (operation.kind === 'attention' ? [operation] : []));

describe.each(released)('$name', ({ config, parameters }) => {
  const model = modelFrom(config);

  it('has the parameters of its checkpoint, to the last one', () => expect(parametersOf(model)).toBe(parameters));

  it('is the same network as .npu text', () => {
    const again = modelOf(writeNpu({ notes: [], npus: [], models: [model] }));
    const plain = ({ layers, open }: Model) => [open, layers.map(({ origin, name, ...layer }) => layer)];
    expect(plain(again)).toEqual(plain(model));
    expect(parametersOf(again)).toBe(parameters);
  });
});

describe('keys and values', () => {
  test.each([
    ['Llama-3.1-8B', 131_072],
    ['Qwen3-32B', 262_144],
    ['gemma-2b', 18_432],
    ['Mistral-Nemo', 163_840],
  ])('of one token of %s in bf16: %d bytes', (name, bytes) => {
    expect(kvBytesPerToken(modelFrom(configOf(name)), { format: 'bf16' })).toBe(bytes);
  });
});

describe('sliding windows', () => {
  const windows = (config: Released['config']) => attentionOf(modelFrom(config)).map(({ window }) => window);
  const llamaSized = { ...configOf('Qwen2.5-0.5B'), num_hidden_layers: 4 };

  test.each([
    ['Mistral: all layers', { ...configOf('Mistral-7B'), num_hidden_layers: 2 }, [4096, 4096]],
    ['null: none', { ...configOf('Mistral-Nemo'), num_hidden_layers: 2 }, [undefined, undefined]],
    [
      'Gemma 2: each second one',
      { ...configOf('gemma-2-9b'), num_hidden_layers: 4 },
      [4096, undefined, 4096, undefined],
    ],
    [
      'Gemma 3: five of six',
      { ...configOf('gemma-3-1b'), num_hidden_layers: 7 },
      [512, 512, 512, 512, 512, undefined, 512],
    ],
    ['Qwen: off', llamaSized, [undefined, undefined, undefined, undefined]],
    [
      'Qwen: from max_window_layers on',
      { ...llamaSized, use_sliding_window: true, max_window_layers: 2 },
      [undefined, undefined, 32768, 32768],
    ],
    [
      'layer_types decides',
      {
        ...configOf('gemma-3-1b'),
        num_hidden_layers: 2,
        layer_types: ['full_attention', 'sliding_attention'],
      },
      [undefined, 512],
    ],
  ])('%s', (_, config, expected) => expect(windows(config)).toEqual(expected));
});

describe('settings that change the network', () => {
  it('a bias of Llama', () => {
    const llama = configOf('Llama-2-7b');
    const bias = { ...llama, attention_bias: true, mlp_bias: true };
    expect(parametersOf(modelFrom(bias)) - parametersOf(modelFrom(llama))).toBe(32 * (4 * 4096 + 2 * 11008 + 4096));
  });

  it('dense layers between the experts', () => {
    const mixture = { ...configOf('Qwen3-30B'), num_hidden_layers: 4 };
    const widths = (config: Released['config']) =>
      modelFrom(config).layers.flatMap(({ operation }) =>
        operation.kind === 'feed-forward' ? [`${operation.experts} x ${operation.width}`] : [],
      );
    expect(widths({ ...mixture, decoder_sparse_step: 2, mlp_only_layers: [3] })).toEqual([
      '1 x 6144',
      '128 x 768',
      '1 x 6144',
      '1 x 6144',
    ]);
  });

  it('the language model inside of a model for images, with a caveat', () => {
    const config = {
      model_type: 'gemma3',
      text_config: {
        model_type: 'gemma3_text',
        hidden_size: 2560,
        intermediate_size: 10240,
        num_hidden_layers: 34,
        sliding_window: 1024,
      },
      vision_config: { hidden_size: 1152 },
    };
    const { value, diagnostics } = read(config);
    expect(value && parametersOf(value)).toBe(3_880_263_168);
    expect(value?.caveats).toMatchObject([{ code: 'hugging-face-approximated', effect: { kind: 'heavier' } }]);
    expect(diagnostics.map(({ severity }) => severity)).toEqual(['warning']);
  });

  it('an unknown function is a caveat', () => {
    const { value, diagnostics } = read({ ...configOf('Llama-3.1-8B'), hidden_act: 'xielu' });
    expect(value?.caveats?.[0]?.effect).toEqual({ kind: 'any' });
    expect(diagnostics[0]?.message).toContain("'hidden_act' is a function that Stimpack does not support");
  });

  it('rope scaling changes neither weights nor work', () => {
    const scaled = { ...configOf('Llama-2-7b'), rope_scaling: { type: 'yarn', factor: 40 } };
    expect(read(scaled).diagnostics).toEqual([]);
  });
});

describe('an impossible value is an error at its place', () => {
  const llama = configOf('Llama-3.1-8B');
  const without = (key: string) => Object.fromEntries(Object.entries(llama).filter(([name]) => name !== key));

  /** The code, the marked text and a part of the message. */
  test.each([
    [
      'an unknown architecture',
      { ...llama, model_type: 'mamba2' },
      'unsupported',
      '"mamba2"',
      "'model_type' of config.json",
    ],
    ['no architecture', without('model_type'), 'unreadable', '{', 'model_type'],
    ['no hidden size', without('hidden_size'), 'value', '{', "does not state 'hidden_size'"],
    ['no heads', { ...llama, num_attention_heads: 0 }, 'value', '0', 'from 1 to'],
    ['a negative size', { ...llama, hidden_size: -4096 }, 'value', '-4096', "'hidden_size' must be"],
    ['half a layer', { ...llama, num_hidden_layers: 31.5 }, 'value', '31.5', 'whole number'],
    ['a size as text', { ...llama, vocab_size: '128256' }, 'value', '"128256"', 'whole number'],
    ['a size as a list', { ...llama, intermediate_size: [1, 2] }, 'value', '[', 'whole number'],
    ['too many layers', { ...llama, num_hidden_layers: 1e9 }, 'value', '1000000000', 'from 1 to 1,000'],
    ['a flag as text', { ...llama, tie_word_embeddings: 'yes' }, 'value', '"yes"', 'true or false'],
    ['heads that do not divide', { ...llama, hidden_size: 4100 }, 'value', '32', 'head_dim'],
    ['key-value heads', { ...llama, num_key_value_heads: 7 }, 'value', '7', 'num_key_value_heads'],
    ['a window of 0', { ...configOf('Mistral-7B'), sliding_window: 0 }, 'value', '0', 'sliding_window'],
    ['experts', { ...configOf('Mixtral'), num_experts_per_tok: 9 }, 'value', '9', 'at most all of them'],
    ['layer types', { ...configOf('Phi-3'), layer_types: ['full_attention'] }, 'value', '[', '32'],
    [
      'a layer that is no attention',
      { ...configOf('Phi-3'), num_hidden_layers: 1, layer_types: ['linear_attention'] },
      'unsupported',
      '[',
      'not attention with a cache',
    ],
    ['two scales for each head', { ...configOf('phi-2'), qk_layernorm: true }, 'unsupported', 'true', 'qk_layernorm'],
  ])('%s', (_, config, code, marked, words) => {
    const text = JSON.stringify(config, null, 2);
    const { value, diagnostics } = readText(text);
    expect(value).toBeUndefined();
    const [first] = diagnostics;
    expect(first?.code).toBe(`hugging-face-${code}`);
    expect(text.slice(first?.origin.start, first?.origin.end).startsWith(marked)).toBe(true);
    expect(first?.message).toContain(words);
  });

  test.each([
    ['', 'line 1, column 1'],
    ['{', 'a name in double quotes in line 1, column 2'],
    ['[1, 2]', 'an object'],
    ['{"a": 1,}', 'line 1, column 9'],
    ['{"a": tru}', 'a value in line 1, column 7'],
    ['{"a": "\n"}', 'a closing double quote'],
    ['{"a": "\\x"}', 'unknown escapes'],
    ['{"a": 01}', 'a value'],
    ['{} {}', 'the end of the file'],
    ['['.repeat(1e5), 'at most 64 levels'],
    ['{"a":'.repeat(1e5), 'at most 64 levels'],
  ])('%j', (text, words) => {
    const { value, diagnostics } = readText(text);
    expect(value).toBeUndefined();
    expect(diagnostics[0]?.message).toContain(words);
  });

  test('Python writes NaN, and Windows a byte order mark', () => {
    const text = `\uFEFF${JSON.stringify(llama).replace('500000', 'NaN')}`;
    expect(readText(text).diagnostics).toEqual([]);
  });
});
