import type { ActivationFunction } from '../../design/index.ts';
import { huggingFaceMessages } from '../messages/index.ts';
import { type ConfigReader, largest } from './config-reader.ts';
import type { Decoder, DecoderFeedForward } from './decoder.ts';

/** Reads the configuration of one architecture. `file`: its name, for messages. Defaults are those of its class in Hugging Face's transformers. */
type ReadArchitecture = (config: ConfigReader, file: string) => Decoder;

/** The architectures by `model_type`. */
export const architectures: ReadonlyMap<string, ReadArchitecture> = new Map<string, ReadArchitecture>([
  ['llama', llama],
  ['mistral', mistral],
  ['ministral', mistral],
  ['mixtral', mixtral],
  ['qwen2', qwen2],
  ['qwen3', qwen3],
  ['qwen3_moe', qwen3Moe],
  ['gemma', gemma],
  ['gemma2', gemma2],
  ['gemma3_text', gemma3],
  ['phi', phi],
  ['phi3', phi3],
  ['gpt2', gpt2],
]);

/** Architectures with a language model inside, and its type if the file does not state it. */
export const wrappers: ReadonlyMap<string, string | undefined> = new Map([
  ['gemma3', 'gemma3_text'],
  ['mistral3', 'mistral'],
  ['llava', 'llama'],
  ['llava_next', 'llama'],
  ['paligemma', undefined],
]);

/** What most architectures have: norms before both parts, a gated feed-forward network, rotary positions, no bias. */
function common(config: ConfigReader, file: string, defaults: { readonly headSize?: number } = {}): Decoder {
  const layers = config.size('num_hidden_layers', undefined, largest.layers);
  const hidden = config.size('hidden_size');
  const heads = config.size('num_attention_heads', undefined, largest.experts);
  const keyValueHeads = config.size('num_key_value_heads', heads, largest.experts);
  const headSize = config.optionalSize('head_dim') ?? defaults.headSize ?? hidden / heads;
  checkHeads(config, file, { hidden, heads, keyValueHeads, headSize });
  const feedForward: DecoderFeedForward = {
    width: config.size('intermediate_size'),
    gated: true,
    function: functionOf(config, file, 'hidden_act', 'silu'),
    bias: false,
    experts: 1,
    active: 1,
  };
  return {
    layers,
    hidden,
    vocabulary: config.size('vocab_size'),
    heads,
    keyValueHeads,
    headSize,
    attentionBias: false,
    queryKeyNorm: false,
    rotary: true,
    windows: new Array<undefined>(layers).fill(undefined),
    feedForward: new Array<DecoderFeedForward>(layers).fill(feedForward),
    norm: 'rms',
    norms: 'before',
    positions: 0,
    scalesEmbedding: false,
    isTied: config.flag('tie_word_embeddings', false),
    headBias: false,
    capsOutput: false,
  };
}

function llama(config: ConfigReader, file: string): Decoder {
  const decoder = common(config, file);
  const bias = config.flag('mlp_bias', false);
  return {
    ...decoder,
    attentionBias: config.flag('attention_bias', false),
    feedForward: decoder.feedForward.map((one) => ({ ...one, bias })),
  };
}

function mistral(config: ConfigReader, file: string): Decoder {
  const decoder = common(config, file);
  return { ...decoder, windows: windowsOf(config, file, decoder.layers, { fallback: 4096 }) };
}

function mixtral(config: ConfigReader, file: string): Decoder {
  const decoder = common(config, file);
  const experts = config.size('num_local_experts', 8, largest.experts);
  const active = config.size('num_experts_per_tok', 2, largest.experts);
  checkExperts(config, file, experts, active);
  return {
    ...decoder,
    windows: windowsOf(config, file, decoder.layers),
    feedForward: decoder.feedForward.map((one) => ({ ...one, experts, active })),
  };
}

function qwen2(config: ConfigReader, file: string): Decoder {
  const decoder = common(config, file);
  return { ...decoder, attentionBias: 'qkv', windows: qwenWindows(config, file, decoder.layers) };
}

function qwen3(config: ConfigReader, file: string): Decoder {
  const decoder = common(config, file, { headSize: 128 });
  return {
    ...decoder,
    attentionBias: config.flag('attention_bias', false),
    queryKeyNorm: true,
    windows: qwenWindows(config, file, decoder.layers),
  };
}

function qwen3Moe(config: ConfigReader, file: string): Decoder {
  const decoder = qwen3(config, file);
  const experts = config.size('num_experts', 128, largest.experts);
  const active = config.size('num_experts_per_tok', 8, largest.experts);
  checkExperts(config, file, experts, active);
  const width = config.size('moe_intermediate_size');
  const every = config.size('decoder_sparse_step', 1);
  const dense = new Set(config.indices('mlp_only_layers'));
  return {
    ...decoder,
    feedForward: decoder.feedForward.map((one, layer) =>
      dense.has(layer) || (layer + 1) % every !== 0 ? one : { ...one, width, experts, active },
    ),
  };
}

function gemma(config: ConfigReader, file: string): Decoder {
  const decoder = common(config, file, { headSize: 256 });
  const key = config.has('hidden_activation') ? 'hidden_activation' : 'hidden_act';
  const name = functionOf(config, file, key, 'gelu');
  return {
    ...decoder,
    attentionBias: config.flag('attention_bias', false),
    feedForward: decoder.feedForward.map((one) => ({ ...one, function: name })),
    scalesEmbedding: true,
    isTied: config.flag('tie_word_embeddings', true),
  };
}

function gemma2(config: ConfigReader, file: string): Decoder {
  const decoder = gemma(config, file);
  if (config.has('attn_logit_softcapping')) {
    config.caveat('attn_logit_softcapping', huggingFaceMessages.cappedScores({ file }), { kind: 'heavier' });
  }
  return {
    ...decoder,
    norms: 'around',
    windows: windowsOf(config, file, decoder.layers, { fallback: 4096, isSliding: (layer) => layer % 2 === 0 }),
    capsOutput: config.has('final_logit_softcapping'),
  };
}

function gemma3(config: ConfigReader, file: string): Decoder {
  const decoder = gemma(config, file);
  const every = config.size('sliding_window_pattern', 6);
  const isSliding = (layer: number): boolean => (layer + 1) % every !== 0;
  return {
    ...decoder,
    norms: 'around',
    queryKeyNorm: true,
    windows: windowsOf(config, file, decoder.layers, { fallback: 4096, isSliding }),
  };
}

function phi(config: ConfigReader, file: string): Decoder {
  const decoder = common(config, file);
  if (config.flag('qk_layernorm', false)) {
    const why = 'queries and keys are normalized with two scales for each head';
    config.contradiction('qk_layernorm', huggingFaceMessages.unsupportedPart({ file, key: 'qk_layernorm', why }));
  }
  const name = functionOf(config, file, 'hidden_act', 'gelu');
  return {
    ...decoder,
    attentionBias: true,
    norm: 'layer',
    norms: 'shared',
    feedForward: decoder.feedForward.map((one) => ({ ...one, gated: false, bias: true, function: name })),
    headBias: true,
  };
}

function phi3(config: ConfigReader, file: string): Decoder {
  const decoder = common(config, file);
  return { ...decoder, windows: windowsOf(config, file, decoder.layers) };
}

function gpt2(config: ConfigReader, file: string): Decoder {
  const layers = config.size('n_layer', undefined, largest.layers);
  const hidden = config.size('n_embd');
  const heads = config.size('n_head', undefined, largest.experts);
  const headSize = hidden / heads;
  if (!Number.isInteger(headSize)) {
    config.contradiction('n_head', huggingFaceMessages.headsOfHidden({ file, hidden, heads }));
  }
  const feedForward: DecoderFeedForward = {
    width: config.optionalSize('n_inner') ?? 4 * hidden,
    gated: false,
    function: functionOf(config, file, 'activation_function', 'gelu'),
    bias: true,
    experts: 1,
    active: 1,
  };
  return {
    layers,
    hidden,
    vocabulary: config.size('vocab_size'),
    heads,
    keyValueHeads: heads,
    headSize,
    attentionBias: true,
    queryKeyNorm: false,
    rotary: false,
    windows: new Array<undefined>(layers).fill(undefined),
    feedForward: new Array<DecoderFeedForward>(layers).fill(feedForward),
    norm: 'layer',
    norms: 'before',
    positions: config.size('n_positions', 1024),
    scalesEmbedding: false,
    isTied: config.flag('tie_word_embeddings', true),
    headBias: false,
    capsOutput: false,
  };
}

/** Qwen's windows are off unless `use_sliding_window` is true, and then only for layers from `max_window_layers` on. */
function qwenWindows(config: ConfigReader, file: string, layers: number): readonly (number | undefined)[] {
  if (!config.flag('use_sliding_window', false)) return new Array<undefined>(layers).fill(undefined);
  const first = config.index('max_window_layers', 28);
  return windowsOf(config, file, layers, { fallback: 4096, isSliding: (layer) => layer >= first });
}

/**
 * The sliding window of each layer. `layer_types` decides if the file has it, else `isSliding` (default: all layers). `fallback`: the window if the
 * file has no `sliding_window`; null there means no window.
 */
function windowsOf(
  config: ConfigReader,
  file: string,
  layers: number,
  { fallback, isSliding = () => true }: { fallback?: number; isSliding?: (layer: number) => boolean } = {},
): readonly (number | undefined)[] {
  const window = config.has('sliding_window')
    ? config.size('sliding_window')
    : config.mentions('sliding_window')
      ? undefined
      : fallback;
  const types = config.texts('layer_types');
  if (types !== undefined && types.length !== layers) {
    config.contradiction('layer_types', huggingFaceMessages.layerTypes({ file, count: types.length, layers }));
  }
  if (types?.some((type) => type !== 'full_attention' && type !== 'sliding_attention')) {
    const why = 'it has a kind of layer that is not attention with a cache';
    config.contradiction('layer_types', huggingFaceMessages.unsupportedPart({ file, key: 'layer_types', why }));
  }
  return Array.from({ length: layers }, (_, layer) => {
    const slides = types === undefined ? isSliding(layer) : types[layer] === 'sliding_attention';
    return slides ? window : undefined;
  });
}

const functions: ReadonlyMap<string, ActivationFunction> = new Map<string, ActivationFunction>([
  ['silu', 'silu'],
  ['swish', 'silu'],
  ['gelu', 'gelu'],
  ['gelu_new', 'gelu'],
  ['gelu_fast', 'gelu'],
  ['gelu_python', 'gelu'],
  ['gelu_pytorch_tanh', 'gelu'],
  ['quick_gelu', 'silu'],
  ['relu', 'relu'],
]);

function functionOf(config: ConfigReader, file: string, key: string, fallback: ActivationFunction): ActivationFunction {
  const name = config.text(key);
  if (name === undefined) return fallback;
  const known = functions.get(name);
  if (known !== undefined) return known;
  config.caveat(key, huggingFaceMessages.otherFunction({ file, key }), { kind: 'any' });
  return 'other';
}

function checkHeads(
  config: ConfigReader,
  file: string,
  {
    hidden,
    heads,
    keyValueHeads,
    headSize,
  }: { readonly hidden: number; readonly heads: number; readonly keyValueHeads: number; readonly headSize: number },
): void {
  if (config.isBroken) return;
  if (!Number.isInteger(headSize)) {
    config.contradiction('num_attention_heads', huggingFaceMessages.headsOfHidden({ file, hidden, heads }));
  }
  if (heads % keyValueHeads !== 0) {
    config.contradiction('num_key_value_heads', huggingFaceMessages.headsOfKeys({ file, heads, keyValueHeads }));
  }
}

function checkExperts(config: ConfigReader, file: string, experts: number, active: number): void {
  if (active <= experts) return;
  config.contradiction('num_experts_per_tok', huggingFaceMessages.activeExperts({ file, active, experts }));
}
