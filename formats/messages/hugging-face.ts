import { listed, type MessageRegistry, message } from '../../design/index.ts';

/**
 * Messages name the keys that Stimpack reads and the numbers that it read. They quote no other value, because the file can be anything on the
 * machine.
 */
export const huggingFaceMessages = {
  notJson: message(
    'hugging-face-unreadable',
    (p: { file: string; line: number; column: number; expected: string }) =>
      `${p.file} is not valid JSON. Expected ${p.expected} in line ${p.line}, column ${p.column}.`,
  ),
  notAnObject: message(
    'hugging-face-unreadable',
    ({ file }: { file: string }) =>
      `${file} is not the configuration of a model. Expected an object with 'model_type', as in config.json of Hugging Face.`,
  ),
  noArchitecture: message(
    'hugging-face-unreadable',
    ({ file }: { file: string }) =>
      `${file} does not state its architecture. Expected 'model_type', such as "llama". Use config.json, not generation_config.json or a tokenizer.`,
  ),
  unsupported: message(
    'hugging-face-unsupported',
    ({ file, known }: { file: string; known: readonly string[] }) =>
      `The 'model_type' of ${file} is an architecture that Stimpack does not read. It reads ${listed(known)}. ` +
      `Write the network with 'input: tokens', or import it from ONNX.`,
  ),
  unsupportedPart: message(
    'hugging-face-unsupported',
    ({ file, key, why }: { file: string; key: string; why: string }) =>
      `Stimpack does not read the '${key}' of ${file}: ${why}. Write the network with 'input: tokens'.`,
  ),
  missing: message(
    'hugging-face-value',
    ({ file, key }: { file: string; key: string }) => `${file} does not state '${key}'. Add it to the file.`,
  ),
  wrong: message(
    'hugging-face-value',
    (p: { file: string; key: string; expected: string }) => `In ${p.file}, '${p.key}' must be ${p.expected}.`,
  ),
  headsOfHidden: message(
    'hugging-face-value',
    (p: { file: string; hidden: number; heads: number }) =>
      `In ${p.file}, 'hidden_size' ${p.hidden} cannot be divided evenly by 'num_attention_heads' ${p.heads}. Correct one of them, or state 'head_dim'.`,
  ),
  headsOfKeys: message(
    'hugging-face-value',
    (p: { file: string; heads: number; keyValueHeads: number }) =>
      `In ${p.file}, 'num_attention_heads' ${p.heads} cannot be divided evenly by 'num_key_value_heads' ${p.keyValueHeads}.`,
  ),
  activeExperts: message(
    'hugging-face-value',
    (p: { file: string; active: number; experts: number }) =>
      `In ${p.file}, 'num_experts_per_tok' is ${p.active}, but there are ${p.experts} experts. Each token uses at most all of them.`,
  ),
  layerTypes: message(
    'hugging-face-value',
    (p: { file: string; count: number; layers: number }) =>
      `In ${p.file}, 'layer_types' has ${p.count} items, but 'num_hidden_layers' is ${p.layers}. Both must be equal.`,
  ),
  statement: message(
    'hugging-face-value',
    ({ file }: { file: string }) =>
      `${file} is a language model of any length. Remove 'input', 'inputs' and 'assume', or write 'input: tokens'.`,
  ),
  otherFunction: message(
    'hugging-face-approximated',
    ({ file, key }: { file: string; key: string }) =>
      `In ${file}, '${key}' is a function that Stimpack does not support. Four vector operations are counted for each element.`,
  ),
  cappedScores: message(
    'hugging-face-approximated',
    ({ file }: { file: string }) =>
      `In ${file}, 'attn_logit_softcapping' adds a tanh to each score of attention. Its vector operations are not counted.`,
  ),
  otherParts: message(
    'hugging-face-approximated',
    ({ file, architecture }: { file: string; architecture: string }) =>
      `${file} describes '${architecture}', which also reads images or sound. Only its language model is imported, so requests with images need more work and memory.`,
  ),
} as const satisfies MessageRegistry;
