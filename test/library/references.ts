/*
 * Multiply-accumulates of layers with weights and of products of activations, and parameters of the reference implementations. They are counted from
 * the configurations of the references, never from the library's text. Paths are those of mlcommons/inference, at the named release.
 */

export interface Counts {
  readonly macs: number;
  readonly parameters: number;
}

const linear = (inputs: number, outputs: number): number => inputs * outputs + outputs;

/** Weights of an LSTM layer in one direction, and with the two biases that PyTorch and cuDNN keep for each gate. */
const lstmWeights = (inputs: number, hidden: number): number => 4 * hidden * (inputs + hidden);
const lstm = (inputs: number, hidden: number): number => lstmWeights(inputs, hidden) + 8 * hidden;

/** v4.1, language/bert/bert_config.json, and its README: 384 tokens; `BertForQuestionAnswering` has no pooler. */
export function bert(): Counts {
  const [hidden, layers, intermediate, vocabulary, positions, types, tokens] = [1024, 24, 4096, 30522, 512, 2, 384];
  const weights = 4 * hidden * hidden + 2 * hidden * intermediate;
  const layer = 4 * linear(hidden, hidden) + linear(hidden, intermediate) + linear(intermediate, hidden) + 4 * hidden;
  return {
    // Scores and context: every token with each, twice.
    macs: layers * (tokens * weights + 2 * tokens * tokens * hidden) + tokens * hidden * 2,
    parameters: (vocabulary + positions + types) * hidden + 2 * hidden + layers * layer + linear(hidden, 2),
  };
}

const perceptron = (widths: readonly number[]) =>
  widths.slice(1).map((outputs, i) => [widths[i] ?? 0, outputs] as const);

/** v2.1, recommendation/dlrm/pytorch/python/main.py, max_ind_range 40000000: ln_emb, ln_bot, ln_top, m_spa; 270 pairs a request. */
export function dlrm(): Counts {
  const rows = [
    39884406, 39043, 17289, 7420, 20263, 3, 7120, 1543, 63, 38532951, 2953546, 403346, 10, 2208, 11938, 155, 4, 976, 14,
    39979771, 25641295, 39664984, 585935, 12972, 108, 36,
  ];
  const [width, pairs] = [128, 270];
  const layers = [...perceptron([13, 512, 256, 128]), ...perceptron([479, 1024, 1024, 512, 256, 1])];
  const vectors = rows.length + 1;
  return {
    // dlrm_s_pytorch.py multiplies all vectors with all, and then takes the half that is needed.
    macs: pairs * (layers.reduce((sum, [i, o]) => sum + i * o, 0) + vectors * vectors * width),
    parameters:
      layers.reduce((sum, [i, o]) => sum + linear(i, o), 0) + width * rows.reduce((sum, count) => sum + count, 0),
  };
}

/**
 * v3.1, speech_recognition/rnnt/pytorch, configs/rnnt.toml and model_separable_rnnt.py, with the library's assumptions about an utterance: 500 steps of
 * 3 x 80 features, 225 characters, and greedy decoding, which runs the joint network once for each step and each character.
 */
export function rnnT(): Counts {
  const [features, hidden, predicted, joint, symbols] = [3 * 80, 1024, 320, 512, 29];
  const [steps, characters] = [500, 225];
  const layers = [
    [features, hidden, steps],
    [hidden, hidden, steps],
    [2 * hidden, hidden, steps / 2],
    [hidden, hidden, steps / 2],
    [hidden, hidden, steps / 2],
    [predicted, predicted, characters],
    [predicted, predicted, characters],
  ] as const;
  const asked = steps / 2 + characters;
  return {
    macs:
      layers.reduce((sum, [i, h, times]) => sum + lstmWeights(i, h) * times, 0) +
      asked * ((hidden + predicted) * joint + joint * symbols),
    parameters:
      layers.reduce((sum, [i, h]) => sum + lstm(i, h), 0) +
      (symbols - 1) * predicted +
      linear(hidden + predicted, joint) +
      linear(joint, symbols),
  };
}

/**
 * v0.7, translation/gnmt/tensorflow/nmt, standard_hparams/wmt16_gnmt_4_layer.json and gnmt_model.py, with the library's assumption about a sentence: 25
 * words in and out. Both vocabularies have 36548 words (tensorflow/nmt, threads 133 and 415). The keys of attention are computed once for each
 * sentence, because beams share them. The reference copies them for each beam first, which is 1 % of the work.
 */
export function gnmt(): Counts {
  const [units, vocabulary, beams, words] = [1024, 36548, 10, 25];
  // One layer in both directions, the second reads both; then two more.
  const encoder = [units, units, 2 * units, units, units];
  // Each layer reads what is below it, and the context.
  const decoder = [2 * units, 2 * units, 2 * units, 2 * units];
  const attention = 2 * units * units + units;
  const weights = (layers: readonly number[]) => layers.reduce((sum, inputs) => sum + lstmWeights(inputs, units), 0);
  return {
    macs:
      words * weights(encoder) +
      words * units * units +
      // Query; scores and context over all words; the next word.
      words * beams * (weights(decoder) + units * units + 2 * words * units + units * vocabulary),
    parameters: 3 * vocabulary * units + weights(encoder) + weights(decoder) + attention + 9 * 4 * units,
  };
}

/** v0.7, others/cloud/single_stage_detector/pytorch, ssd_r34.py and base_model.py: torchvision's ResNet-34 without its last stage. */
export function ssdResNet34(): Counts {
  let macs = 0;
  let parameters = 0;
  const conv = (kernel: number, inputs: number, outputs: number, side: number, own: 'bias' | 'normalization') => {
    macs += kernel * kernel * inputs * outputs * side * side;
    parameters += kernel * kernel * inputs * outputs + (own === 'bias' ? outputs : 2 * outputs);
  };
  conv(7, 3, 64, 600, 'normalization');
  const stage = (blocks: number, inputs: number, outputs: number, side: number) => {
    if (inputs !== outputs) conv(1, inputs, outputs, side, 'normalization');
    conv(3, inputs, outputs, side, 'normalization');
    for (let i = 1; i < 2 * blocks; i++) conv(3, outputs, outputs, side, 'normalization');
  };
  stage(3, 64, 64, 300);
  stage(4, 64, 128, 150);
  // The reference removes the stride of this stage.
  stage(6, 128, 256, 150);
  const sides = [150, 75, 38, 19, 9, 7];
  const outputs = [256, 512, 512, 256, 256, 256];
  const narrow = [0, 256, 256, 128, 128, 128];
  for (let i = 1; i < 6; i++) {
    conv(1, outputs[i - 1] ?? 0, narrow[i] ?? 0, sides[i - 1] ?? 0, 'bias');
    conv(3, narrow[i] ?? 0, outputs[i] ?? 0, sides[i] ?? 0, 'bias');
  }
  // Boxes of 4 coordinates and 81 labels, at every third place.
  for (const [i, boxes] of [4, 6, 6, 6, 4, 4].entries()) {
    conv(3, outputs[i] ?? 0, boxes * (4 + 81), Math.ceil((sides[i] ?? 0) / 3), 'bias');
  }
  return { macs, parameters };
}

/** openai/gpt-2, src/model.py with the hparams of its smallest model, by Kaplan et al. (arXiv 2001.08361, section 2.1): one word is chosen. */
export function gpt2(tokens: number, context: number): Counts {
  const [width, layers, vocabulary, positions] = [768, 12, 50257, 1024];
  const layer = 4 * linear(width, width) + linear(width, 4 * width) + linear(4 * width, width) + 4 * width;
  return {
    macs: tokens * layers * (12 * width * width + 2 * context * width) + vocabulary * width,
    parameters: (vocabulary + positions) * width + layers * layer + 2 * width,
  };
}
