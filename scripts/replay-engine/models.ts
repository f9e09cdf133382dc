/** The sizes of a decoder. Sources: the config.json that the publisher of each model has on Hugging Face. */
export interface DecoderSizes {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
  readonly feedForward: number;
  readonly vocabulary: number;
  /** Whether the product with the vocabulary uses the weights of the embedding. */
  readonly tied: boolean;
}

function sizes(
  layers: number,
  hidden: number,
  heads: number,
  kvHeads: number,
  headSize: number,
  feedForward: number,
  vocabulary: number,
  tied = false,
): DecoderSizes {
  return { layers, hidden, heads, kvHeads, headSize, feedForward, vocabulary, tied };
}

/** By the start of the last part of the name, in lower case, without `-instruct` and `meta-`. */
const models: Readonly<Record<string, DecoderSizes>> = {
  'llama-2-7b': sizes(32, 4096, 32, 32, 128, 11008, 32000),
  'llama-2-13b': sizes(40, 5120, 40, 40, 128, 13824, 32000),
  'llama-2-70b': sizes(80, 8192, 64, 8, 128, 28672, 32000),
  'llama-3-8b': sizes(32, 4096, 32, 8, 128, 14336, 128256),
  'llama-3-70b': sizes(80, 8192, 64, 8, 128, 28672, 128256),
  'llama-3.1-8b': sizes(32, 4096, 32, 8, 128, 14336, 128256),
  'llama-3.1-70b': sizes(80, 8192, 64, 8, 128, 28672, 128256),
  'llama-3.2-1b': sizes(16, 2048, 32, 8, 64, 8192, 128256, true),
  'llama-3.2-3b': sizes(28, 3072, 24, 8, 128, 8192, 128256, true),
  'llama-3.3-70b': sizes(80, 8192, 64, 8, 128, 28672, 128256),
  'mistral-7b-v0.1': sizes(32, 4096, 32, 8, 128, 14336, 32000),
  'mistral-7b-v0.3': sizes(32, 4096, 32, 8, 128, 14336, 32768),
  'qwen2.5-7b': sizes(28, 3584, 28, 4, 128, 18944, 152064),
  'qwen2.5-32b': sizes(64, 5120, 40, 8, 128, 27648, 152064),
  'qwen3-0.6b': sizes(28, 1024, 16, 8, 128, 3072, 151936, true),
  'qwen3-1.7b': sizes(28, 2048, 16, 8, 128, 6144, 151936, true),
  'qwen3-4b': sizes(36, 2560, 32, 8, 128, 9728, 151936, true),
  'qwen3-8b': sizes(36, 4096, 32, 8, 128, 12288, 151936),
  'qwen3-14b': sizes(40, 5120, 40, 8, 128, 17408, 151936),
  'qwen3-32b': sizes(64, 5120, 64, 8, 128, 25600, 151936),
};

/** The sizes of a model by its name. A suffix such as `-FP8` or a date does not change them. */
export function knownSizes(model: string): DecoderSizes | undefined {
  const name = (model.split('/').at(-1) ?? '')
    .toLowerCase()
    .replace(/^meta-/u, '')
    .replace(/-instruct(?=-|$)/u, '');
  const key = Object.keys(models).find((each) => name === each || name.startsWith(`${each}-`));
  return key === undefined ? undefined : models[key];
}

/** Weights of a dense decoder with gated feed-forward. Norms are below 0.01 % and left out. */
export function weightsOf(size: DecoderSizes): number {
  const { layers, hidden, heads, kvHeads, headSize, feedForward, vocabulary, tied } = size;
  const attention = hidden * headSize * (2 * heads + 2 * kvHeads);
  return layers * (attention + 3 * hidden * feedForward) + vocabulary * hidden * (tied ? 1 : 2);
}

/** Bytes of one token in the KV cache: a key and a value for each layer and KV head. */
export function kvBytesPerToken(size: DecoderSizes, bytesPerValue: number): number {
  return 2 * size.layers * size.kvHeads * size.headSize * bytesPerValue;
}
