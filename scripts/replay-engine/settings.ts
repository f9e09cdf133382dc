import type { SequenceLimits } from '../../simulator/index.ts';
import { type DecoderSizes, knownSizes, kvBytesPerToken, weightsOf } from './models.ts';
import { type Problems, shown } from './problems.ts';
import { isObject, type JsonObject, parseJson } from './tables.ts';

const FILE = 'meta.json';

/** The settings of a recorded engine. */
export interface EngineSettings {
  readonly limits: SequenceLimits;
  readonly layers: number;
  readonly tensorParallel: number;
  /** When the recording started, in seconds on the clock of the arrivals. undefined: not stated. */
  readonly startedSeconds: number | undefined;
  readonly tickSeconds: number;
  /** What was assumed or is not simulated, for the reader of the result. */
  readonly notes: readonly string[];
}

/** Settings that the reader of the folder can state, because the folder may not. */
export interface StatedSettings {
  readonly layers: number | undefined;
  readonly blocks: number | undefined;
}

/** Reads meta.json. Returns undefined if a needed value is missing or wrong; the problems then name it. */
export function readSettings(text: string, stated: StatedSettings, problems: Problems): EngineSettings | undefined {
  const meta = parseJson(text.replace(/^\uFEFF/, ''));
  if (!isObject(meta)) {
    problems.add(FILE, 1, `${shown(text.trim().slice(0, 40))} is not a JSON object.`);
    return undefined;
  }
  const before = problems.list.length;
  const read = new MetaReader(meta, problems);
  const notes: string[] = [];
  const model = read.text(['model'], ['engine_kwargs', 'model'], ['resolved_config', 'model_config', 'model']);
  const config = read.object(['resolved_config', 'model_config', 'hf_config']);
  const known = model === undefined ? undefined : knownSizes(model);
  const overridden = read.number(['engine_kwargs', 'hf_overrides', 'num_hidden_layers']);
  const layers =
    stated.layers ??
    overridden ??
    (config === undefined ? undefined : numberIn(config, 'num_hidden_layers')) ??
    known?.layers;
  if (layers === undefined || !(layers >= 1)) {
    problems.add(FILE, 0, `the number of layers of model ${shown(model)} is not known. State it: --layers 32`);
  }
  const tensorParallel = read.count(
    1,
    ['engine_kwargs', 'tensor_parallel_size'],
    ['resolved_config', 'parallel_config', 'tensor_parallel_size'],
  );
  const scheduler = (name: string) => ['resolved_config', 'scheduler_config', name];
  const cache = (name: string) => ['resolved_config', 'cache_config', name];
  // Defaults of vLLM 0.19 for a server.
  const sequences = read.count(256, scheduler('max_num_seqs'), ['engine_kwargs', 'max_num_seqs']);
  const tokens = read.count(2048, scheduler('max_num_scheduled_tokens'), scheduler('max_num_batched_tokens'), [
    'engine_kwargs',
    'max_num_batched_tokens',
  ]);
  const blockTokens = read.count(16, ['kv_cache', 'block_size'], cache('block_size'));
  const limits = {
    sequences,
    tokens,
    blockTokens,
    longestChunk: read.count(0, scheduler('long_prefill_token_threshold'), [
      'engine_kwargs',
      'long_prefill_token_threshold',
    ]),
    chunked: read.flag(true, scheduler('enable_chunked_prefill'), ['engine_kwargs', 'enable_chunked_prefill']),
    prefixCaching: read.flag(true, ['kv_cache', 'enable_prefix_caching'], cache('enable_prefix_caching'), [
      'engine_kwargs',
      'enable_prefix_caching',
    ]),
    wholeInput: read.flag(true, scheduler('scheduler_reserve_full_isl')),
    lookAhead: read.flag(true, scheduler('async_scheduling'), ['engine_kwargs', 'async_scheduling']),
  };
  const blocks = stated.blocks ?? blocksOf(read, limits, known, tensorParallel, notes, problems);
  if (blocks !== undefined && blocks < 2)
    problems.add(FILE, 0, `${blocks} KV blocks cannot serve a request. Expected 2 or more.`);
  noteUnsupported(read, notes);
  if (problems.list.length > before || blocks === undefined || layers === undefined) return undefined;
  const started = read.text(['started_at']);
  const startedMilliseconds = started === undefined ? Number.NaN : Date.parse(started);
  return {
    limits: { ...limits, blocks },
    layers,
    tensorParallel,
    startedSeconds: Number.isNaN(startedMilliseconds) ? undefined : startedMilliseconds / 1000,
    tickSeconds: read.number(['tick_seconds']) || 1,
    notes,
  };
}

/** The number of KV blocks: stated, or from the memory for the cache, or from the memory of the device. */
function blocksOf(
  read: MetaReader,
  limits: Pick<SequenceLimits, 'blockTokens' | 'tokens' | 'sequences'>,
  size: DecoderSizes | undefined,
  tensorParallel: number,
  notes: string[],
  problems: Problems,
): number | undefined {
  const cache = ['resolved_config', 'cache_config'];
  const direct = read.number(
    ['kv_cache', 'num_gpu_blocks'],
    [...cache, 'num_gpu_blocks'],
    [...cache, 'num_gpu_blocks_override'],
  );
  if (direct !== undefined) return Math.floor(direct);
  const tokens = read.number(['kv_cache', 'num_kv_tokens']);
  if (tokens !== undefined) return Math.floor(tokens / limits.blockTokens);
  const dtype = read.text(['resolved_config', 'model_config', 'dtype'], ['engine_kwargs', 'dtype']) ?? 'bfloat16';
  const bytes = bytesOf(dtype);
  const kvType = read.text(['engine_kwargs', 'kv_cache_dtype'], [...cache, 'cache_dtype']) ?? 'auto';
  const total = read.number(['hardware', 'device_total_memory_bytes']);
  const cacheBytes = read.number(['kv_cache', 'kv_cache_memory_bytes'], [...cache, 'kv_cache_memory_bytes']);
  if (size === undefined || bytes === undefined || (total === undefined && cacheBytes === undefined)) {
    problems.add(
      FILE,
      0,
      'the number of KV blocks is neither stated (kv_cache.num_gpu_blocks) nor can it be computed: that needs a known model, ' +
        'its dtype, and hardware.device_total_memory_bytes. State it: --blocks 2588',
    );
    return undefined;
  }
  const blockBytes =
    (limits.blockTokens * kvBytesPerToken(size, kvType === 'auto' ? bytes : (bytesOf(kvType) ?? bytes))) /
    tensorParallel;
  if (cacheBytes !== undefined) return Math.floor(cacheBytes / blockBytes);
  const share =
    read.number(
      ['kv_cache', 'gpu_memory_utilization'],
      ['engine_kwargs', 'gpu_memory_utilization'],
      [...cache, 'gpu_memory_utilization'],
    ) ?? 0.9;
  const weights = (weightsOf(size) * bytes) / tensorParallel;
  const others = workingBytes(size, limits, bytes) / tensorParallel + DRIVER_BYTES;
  const blocks = Math.floor(((total ?? 0) * share - weights - others) / blockBytes);
  notes.push(
    `meta.json states no number of KV blocks. ${blocks} were computed: ${gigabytes((total ?? 0) * share)} of memory, ` +
      `less ${gigabytes(weights)} of weights and ${gigabytes(others)} for activations and the driver (our assumption).`,
  );
  return blocks;
}

/** The context of the driver and its libraries. Our assumption: 0.4 GB, about the memory of an idle CUDA process. */
const DRIVER_BYTES = 0.4e9;

/**
 * Memory that the engine's trial run needs at its peak. Our assumption: the larger layers need two hidden states, the gated
 * product and its result for all tokens of a step. The sampler then needs five copies of the logits in 32 bits (logits,
 * sorted values, 64-bit indices, probabilities).
 */
function workingBytes(size: DecoderSizes, limits: Pick<SequenceLimits, 'tokens' | 'sequences'>, bytes: number): number {
  const activations = limits.tokens * (2 * size.hidden + 3 * size.feedForward) * bytes;
  return activations + 5 * 4 * limits.sequences * size.vocabulary;
}

function bytesOf(type: string): number | undefined {
  if (/fp8|float8|int8/iu.test(type)) return 1;
  if (/bf(loat)?16|fp16|float16|half/iu.test(type)) return 2;
  return /float32|fp32/iu.test(type) ? 4 : undefined;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

/** Settings that change an engine's times and that the replay does not simulate. */
function noteUnsupported(read: MetaReader, notes: string[]): void {
  const config = (...path: string[]) => ['resolved_config', ...path];
  const policy = read.text(config('scheduler_config', 'policy')) ?? 'fcfs';
  if (policy !== 'fcfs') notes.push(`the policy is '${policy}', the replay serves requests in the order of arrival.`);
  if (read.object(config('speculative_config')) !== undefined) notes.push('speculative decoding is not simulated.');
  const stages = read.number(config('parallel_config', 'pipeline_parallel_size')) ?? 1;
  if (stages > 1) notes.push(`${stages} pipeline stages are not simulated: the layers run as one stage.`);
  const copies =
    read.number(config('parallel_config', 'data_parallel_size'), ['engine_kwargs', 'data_parallel_size']) ?? 1;
  if (copies > 1) notes.push(`${copies} engines in parallel are not simulated: one serves all requests.`);
}

function numberIn(object: JsonObject, name: string): number | undefined {
  const value = object[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Looks up values of meta.json by their paths. The first path with a value counts; null counts as missing. */
class MetaReader {
  private readonly meta: JsonObject;
  private readonly problems: Problems;

  constructor(meta: JsonObject, problems: Problems) {
    this.meta = meta;
    this.problems = problems;
  }

  text(...paths: readonly (readonly string[])[]): string | undefined {
    return this.find(paths, (value): value is string => typeof value === 'string', 'a text');
  }

  object(...paths: readonly (readonly string[])[]): JsonObject | undefined {
    for (const path of paths) {
      const value = this.at(path);
      if (isObject(value)) return value;
    }
    return undefined;
  }

  number(...paths: readonly (readonly string[])[]): number | undefined {
    return this.find(
      paths,
      (value): value is number => typeof value === 'number' && value >= 0,
      'a number, 0 or greater',
    );
  }

  /** A whole number, `fallback` or greater if that is 0 or 1, else 1 or greater. */
  count(fallback: number, ...paths: readonly (readonly string[])[]): number {
    const least = fallback === 0 ? 0 : 1;
    const isCount = (value: unknown): value is number =>
      typeof value === 'number' && Number.isInteger(value) && value >= least;
    return this.find(paths, isCount, `a whole number, ${least} or greater`) ?? fallback;
  }

  flag(fallback: boolean, ...paths: readonly (readonly string[])[]): boolean {
    return this.find(paths, (value): value is boolean => typeof value === 'boolean', 'true or false') ?? fallback;
  }

  private find<T>(
    paths: readonly (readonly string[])[],
    isRight: (value: unknown) => value is T,
    expected: string,
  ): T | undefined {
    for (const path of paths) {
      const value = this.at(path);
      if (value === undefined || value === null) continue;
      if (isRight(value)) return value;
      this.problems.add(FILE, 0, `'${path.join('.')}' is ${shown(value)}. Expected ${expected}.`);
      return undefined;
    }
    return undefined;
  }

  private at(path: readonly string[]): unknown {
    let value: unknown = this.meta;
    for (const name of path) value = isObject(value) ? value[name] : undefined;
    return value;
  }
}
