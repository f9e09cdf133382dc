import {
  type Checked,
  diagnosticAt,
  type Message,
  type Model,
  type ModelStatements,
  noStatements,
} from '../../design/index.ts';
import { huggingFaceMessages } from '../messages/index.ts';
import { architectures, wrappers } from './architectures.ts';
import { ConfigReader, type Locate } from './config-reader.ts';
import { decoderLayers } from './decoder.ts';
import { type JsonObject, type JsonValue, parseJson } from './json.ts';

/**
 * Reads the configuration of a language model (config.json of Hugging Face) into a network that is open in tokens. Its layers and sizes are those
 * of the architecture in transformers. `locate` gives the place of a part of the text, for diagnostics. The value is undefined if there is an error
 * among the diagnostics. `file`: the name of the file, for messages.
 */
export function readHuggingFace(
  text: string,
  name: string,
  file: string,
  locate: Locate,
  statements: ModelStatements = noStatements,
): Checked<Model | undefined> {
  const fail = (message: Message, start = 0, end = 1): Checked<undefined> => ({
    value: undefined,
    diagnostics: [diagnosticAt(locate(start, end), message)],
  });
  const parsed = parseJson(text);
  if (parsed.kind === 'problem') {
    const before = text.slice(0, parsed.at).split('\n');
    const place = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    return fail(huggingFaceMessages.notJson({ file, ...place, expected: parsed.expected }), parsed.at, parsed.at + 1);
  }
  if (parsed.kind !== 'object') return fail(huggingFaceMessages.notAnObject({ file }), parsed.start, parsed.end);
  const place = statedPlace(statements);
  if (place !== undefined) {
    return { value: undefined, diagnostics: [diagnosticAt(place, huggingFaceMessages.statement({ file }))] };
  }
  const outer = new ConfigReader(parsed, file, locate);
  const stated = textOf(parsed, 'model_type');
  if (stated === undefined) return fail(huggingFaceMessages.noArchitecture({ file }), parsed.start, parsed.start + 1);
  const inner = outer.part('text_config');
  const isWrapper = !architectures.has(stated) && inner !== undefined && wrappers.has(stated);
  const object = isWrapper ? inner : parsed;
  const architecture = isWrapper ? (textOf(inner, 'model_type') ?? wrappers.get(stated) ?? stated) : stated;
  const read = architectures.get(architecture);
  if (read === undefined) {
    const known = [...architectures.keys()];
    const value = object.entries.get('model_type');
    const message = huggingFaceMessages.unsupported({ file, known });
    return fail(message, value?.start ?? object.start, value?.end ?? object.start + 1);
  }
  if (isWrapper) {
    outer.caveat('model_type', huggingFaceMessages.otherParts({ file, architecture: stated }), { kind: 'heavier' });
  }
  const config = new ConfigReader(isWrapper ? withDefaults(object, parsed, architecture) : object, file, locate);
  const decoder = read(config, file);
  const diagnostics = [...outer.diagnostics, ...config.diagnostics];
  if (config.isBroken) return { value: undefined, diagnostics };
  const origin = locate(0, text.length);
  const caveats = [...outer.caveats, ...config.caveats];
  return {
    value: {
      name,
      origin,
      inputShape: [1],
      open: 'tokens',
      layers: decoderLayers(decoder, origin),
      // Our assumption: usual for language models, whose activations have outliers.
      quantization: 'dynamic',
      accuracy: null,
      ...(caveats.length === 0 ? {} : { caveats }),
    },
    diagnostics,
  };
}

function textOf(object: JsonObject, key: string): string | undefined {
  const value = object.entries.get(key);
  return value?.kind === 'leaf' && typeof value.value === 'string' ? value.value : undefined;
}

/** The place of a statement in the block of the model that a configuration does not need. `input: tokens` is allowed, because it agrees with the file. */
function statedPlace({
  inputs,
  assumptions,
}: ModelStatements): ModelStatements['inputs'][number]['origin'] | undefined {
  const wrong = inputs.find(({ name, shape }) => name !== undefined || shape.length !== 1 || shape[0] !== 1);
  return wrong?.origin ?? assumptions[0]?.origin;
}

/**
 * Values that transformers leaves out of an inner configuration because they are the defaults of its class (Gemma3TextConfig). The outer object
 * states whether the output shares the embedding table.
 */
function withDefaults(inner: JsonObject, outer: JsonObject, architecture: string): JsonObject {
  const entries = new Map<string, JsonValue>(inner.entries);
  const tie = outer.entries.get('tie_word_embeddings');
  if (tie !== undefined && !entries.has('tie_word_embeddings')) entries.set('tie_word_embeddings', tie);
  const defaults = architecture === 'gemma3_text' ? gemma3Defaults : [];
  for (const [key, value] of defaults) {
    if (!entries.has(key)) entries.set(key, { kind: 'leaf', value, start: inner.start, end: inner.start + 1 });
  }
  return { ...inner, entries };
}

const gemma3Defaults = [
  ['vocab_size', 262_208],
  ['num_attention_heads', 8],
  ['num_key_value_heads', 4],
  ['head_dim', 256],
] as const;
