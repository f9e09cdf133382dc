import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { readRecording, recordingFiles } from '../../../scripts/replay-engine/recording.ts';
import { replay } from '../../../scripts/replay-engine/replay.ts';
import type { StatedSettings } from '../../../scripts/replay-engine/settings.ts';
import { replayText } from '../../../scripts/replay-engine/text.ts';

/** A sample of a recording of vLLM 0.19 on an RTX 4090; its LICENSE file has the source. */
const fixture = path.join(import.meta.dirname, 'fixture');
const texts = new Map(
  recordingFiles
    .filter((name) => name !== 'prompt-blocks.jsonl')
    .map((name) => [name, readFileSync(path.join(fixture, name), 'utf8')]),
);

/** The fixture with one file replaced, or without it. */
function changed(name: string, change: (text: string) => string | null): ReadonlyMap<string, string> {
  const copy = new Map(texts);
  const text = change(copy.get(name) ?? '');
  if (text === null) copy.delete(name);
  else copy.set(name, text);
  return copy;
}

function recordingOf(files: ReadonlyMap<string, string>, stated?: StatedSettings) {
  const { value, problems } = readRecording(files, stated);
  if (value === undefined) throw new Error(JSON.stringify(problems));
  return value;
}

const problemsOf = (files: ReadonlyMap<string, string>) =>
  readRecording(files).problems.map(({ file, line, message }) => `${file}:${line}: ${message}`);

/** meta.json with other values at paths. undefined removes a value. */
function withMeta(values: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  return changed('meta.json', (text) => {
    const meta = JSON.parse(text);
    for (const [place, value] of Object.entries(values)) {
      const names = place.split('.');
      const last = names.pop() ?? '';
      let at = meta;
      for (const name of names) at = at[name] ??= {};
      at[last] = value;
    }
    return JSON.stringify(meta);
  });
}

/** The lines of a file with one of them changed. Line 1 is the first. */
const atLine = (line: number, change: (text: string) => string) => (text: string) =>
  text
    .split('\n')
    .map((each, index) => (index === line - 1 ? change(each) : each))
    .join('\n');

describe('a replay of the sample', () => {
  const recording = recordingOf(texts);
  const result = replay(recording);

  it('gives the time to the first token of a request within 1.5 %', () => {
    // The engine's first second includes its warm-up. Later requests depend on arrivals that the sample does not have.
    for (const [n, theirs] of recording.requests.entries()) {
      if (n < 17 || n > 26) continue;
      const ours = result.requests[n]?.firstTokenSeconds ?? Number.NaN;
      const measured = (theirs.firstTokenSeconds ?? Number.NaN) - theirs.arrivalSeconds;
      expect(Math.abs(ours / measured - 1), theirs.id).toBeLessThan(0.015);
    }
  });

  it('has mean, median, p90 and p99 of TTFT, TPOT and latency, with their relative errors', () => {
    expect(result.metrics.map(({ name }) => name)).toEqual(
      ['ttft', 'tpot', 'latency'].flatMap((name) => ['mean', 'median', 'p90', 'p99'].map((each) => `${name} ${each}`)),
    );
    for (const { ours, theirs, relativeError } of result.metrics) expect(relativeError).toBe((ours - theirs) / theirs);
    const first = result.requests.map(({ firstTokenSeconds }) => firstTokenSeconds ?? Number.NaN);
    expect(result.metrics[0]?.ours).toBeCloseTo(first.reduce((sum, one) => sum + one, 0) / first.length, 9);
  });

  it('compares the KV occupancy by second on the clock of the recording', () => {
    const occupancy = result.kvOccupancy?.seconds ?? [];
    expect(occupancy.map(({ seconds }) => seconds)).toEqual([1, 2, 3, 4]);
    for (const { oursPercent, theirsPercent } of occupancy.slice(1)) {
      expect(Math.abs(oursPercent - theirsPercent)).toBeLessThan(2);
    }
  });

  it('is a table for people', () => {
    const lines = replayText(result).split('\n');
    expect(lines[1]).toMatch(/^ttft mean +\d+\.\d ms +\d+\.\d ms +[+-]\d+\.\d %$/u);
    expect(lines).toContainEqual(
      expect.stringMatching(/^KV occupancy: \d\.\d points of mean difference in 4 samples$/u),
    );
  });
});

describe('optional files', () => {
  it.each(['profile-meta.yaml', 'timeseries.csv'])('%s can be missing', (name) => {
    const result = replay(recordingOf(changed(name, () => null)));
    expect(result.kvOccupancy === null).toBe(name === 'timeseries.csv');
    expect(result.requests).toHaveLength(40);
  });

  it('prompt-blocks.jsonl shares prefixes: the second of two equal prompts is computed once', () => {
    const ids = Array.from({ length: 140 }, (_, n) => n);
    const lines = ['bench-0', 'bench-17'].map((request_id) => JSON.stringify({ request_id, block_ids: ids }));
    const shared = replay(recordingOf(changed('prompt-blocks.jsonl', () => lines.join('\n'))));
    const alone = replay(recordingOf(texts));
    const time = (result: typeof shared) => result.requests[17]?.firstTokenSeconds ?? Number.NaN;
    expect(time(shared)).toBeLessThan(time(alone));
    expect(alone.notes.join()).toContain('prompt-blocks.jsonl is missing');
  });
});

describe('the settings of another card', () => {
  const limitsOf = (files: ReadonlyMap<string, string>, stated?: StatedSettings) =>
    recordingOf(files, stated).settings.limits;

  test.each([
    [{ 'kv_cache.num_gpu_blocks': 5000 }, { blocks: 5000 }],
    [{ 'kv_cache.num_gpu_blocks': null }, { blocks: 2588 }],
    [
      { 'kv_cache.num_gpu_blocks': null, 'kv_cache.num_kv_tokens': null, 'kv_cache.kv_cache_memory_bytes': 2 ** 31 },
      { blocks: 1024 },
    ],
    [{ 'resolved_config.scheduler_config.max_num_seqs': 64 }, { sequences: 64 }],
    [
      { 'resolved_config.scheduler_config': undefined, 'engine_kwargs.max_num_batched_tokens': 8192 },
      { tokens: 8192, lookAhead: true },
    ],
    [{ 'resolved_config.scheduler_config.max_num_scheduled_tokens': 100 }, { tokens: 100 }],
    [{ 'resolved_config.scheduler_config.async_scheduling': false }, { lookAhead: false }],
    [{ 'resolved_config.scheduler_config.enable_chunked_prefill': false }, { chunked: false }],
    [{ 'resolved_config.scheduler_config.long_prefill_token_threshold': 512 }, { longestChunk: 512 }],
    [{ 'kv_cache.enable_prefix_caching': false }, { prefixCaching: false }],
    [{ 'kv_cache.block_size': 32 }, { blockTokens: 32 }],
  ])('are read from meta.json: %j', (meta, limits) => {
    expect(limitsOf(withMeta(meta))).toMatchObject(limits);
  });

  test.each([
    ['meta-llama/Meta-Llama-3.1-8B-Instruct', 32],
    ['RedHatAI/Llama-3.3-70B-Instruct-FP8-dynamic', 80],
    ['Qwen/Qwen3-4B-Instruct-2507', 36],
  ])('include the layers of %s', (model, layers) => {
    expect(recordingOf(withMeta({ model })).settings.layers).toBe(layers);
  });

  it('include layers that the engine was started with', () => {
    expect(recordingOf(withMeta({ 'engine_kwargs.hf_overrides.num_hidden_layers': 4 })).settings.layers).toBe(4);
  });

  it('include a number of blocks from the memory of the device, with a note', () => {
    const memory = withMeta({ 'kv_cache.num_gpu_blocks': null, 'kv_cache.num_kv_tokens': null });
    const { settings, notes } = recordingOf(memory);
    // The engine found 2,588. Its working memory is not in the recording.
    expect(Math.abs(settings.limits.blocks / 2588 - 1)).toBeLessThan(0.05);
    expect(notes.join()).toContain(`${settings.limits.blocks} were computed`);
  });

  it('can be stated where the folder does not have them', () => {
    const unknown = withMeta({
      model: 'someone/Unknown-9B',
      'engine_kwargs.model': undefined,
      'kv_cache.num_gpu_blocks': null,
      'kv_cache.num_kv_tokens': null,
    });
    expect(problemsOf(unknown).join()).toMatch(/--layers 32.*--blocks 2588/u);
    expect(limitsOf(unknown, { layers: 40, blocks: 700 }).blocks).toBe(700);
  });

  test.each([
    ['skew_fit:\n  per_tp:\n    1:\n      alpha_default: 0.3\n', 0.3],
    ["skew_fit:\n  per_tp:\n    '2':\n      alpha_default: 0.9\n    '1':\n      alpha_default: 0.2 # fitted\n", 0.2],
    ['skew_fit: {enabled: true, per_tp: {1: {alpha_default: 0.25}}}\n', 0.25],
    ['skew_fit:\n  enabled: false\nother:\n  alpha_default: 0.7\n', 0],
  ])('include the skew of %j', (yaml, skew) => {
    expect(recordingOf(changed('profile-meta.yaml', () => yaml)).profile.operators.skew).toBe(skew);
  });
});

describe('a damaged folder', () => {
  test.each([
    ['requests.jsonl', () => null, 'requests.jsonl:0: the file is missing.'],
    ['requests.jsonl', () => '', 'requests.jsonl:0: no requests.'],
    ['requests.jsonl', atLine(3, (line) => line.slice(0, 50)), 'requests.jsonl:3: '],
    [
      'requests.jsonl',
      atLine(3, (line) => line.replace('"input_toks": 1320', '"input_toks": -1')),
      "requests.jsonl:3: 'input_toks' is -1",
    ],
    [
      'requests.jsonl',
      atLine(2, (line) => line.replace('bench-1', 'bench-0')),
      "requests.jsonl:2: the request_id 'bench-0' is in line 1 too",
    ],
    [
      'requests.jsonl',
      atLine(2, (line) => line.replace(/"arrival_time": [\d.]+, /u, '')),
      "requests.jsonl:2: 'arrival_time' is missing",
    ],
    [
      'requests.jsonl',
      atLine(2, (line) => line.replace(/"last_token_ts": [\d.]+/u, '"last_token_ts": 3')),
      "requests.jsonl:2: 'last_token_ts' 3 is before",
    ],
    ['meta.json', () => '{', 'meta.json:1: '],
    [
      'meta.json',
      (text: string) =>
        text
          .replace('"max_num_seqs": 256', '"max_num_seqs": "many"')
          .replace('"max_num_seqs": 256', '"max_num_seqs": 0'),
      'Expected a whole number, 1 or greater',
    ],
    [
      'meta.json',
      (text: string) => text.replace('"num_gpu_blocks": 2588', '"num_gpu_blocks": 1'),
      'meta.json:0: 1 KV blocks cannot serve',
    ],
    ['profile-dense.csv', () => 'layer,tokens\n', "profile-dense.csv:1: the column 'time_us' is missing"],
    [
      'profile-dense.csv',
      (text: string) => text.replace(/^qkv_proj,.*\n/gmu, ''),
      "the operator 'qkv_proj' has no row",
    ],
    ['profile-dense.csv', atLine(5, () => 'act_fn,x,3'), "profile-dense.csv:5: 'tokens' is 'x'"],
    ['profile-per_sequence.csv', atLine(2, () => 'lm_head,1,-4'), "profile-per_sequence.csv:2: 'time_us' is '-4'"],
    ['profile-attention.csv', (text: string) => text.replace(/^0,.*\n/gmu, ''), 'Their attention is unknown'],
    ['profile-attention.csv', atLine(9, () => ''), ''],
    [
      'profile-meta.yaml',
      () => 'skew_fit:\n  per_tp:\n    1:\n      alpha_default: much\n',
      "profile-meta.yaml:0: 'alpha_default' is",
    ],
    ['timeseries.csv', () => 't,running\n1,2\n', "timeseries.csv:1: the column 'kv_cache_pct' is missing"],
    [
      'prompt-blocks.jsonl',
      () => '{"request_id":"bench-99","block_ids":[]}',
      "prompt-blocks.jsonl:1: the request_id 'bench-99'",
    ],
    ['prompt-blocks.jsonl', () => '{"request_id":"bench-1","block_ids":7}', "prompt-blocks.jsonl:1: 'block_ids' is 7"],
  ] as const)('%s is reported with its place, %#', (name, change, message) => {
    const problems = problemsOf(changed(name, change));
    if (message === '') expect(problems).toEqual([]);
    else expect(problems.join('\n')).toContain(message);
  });

  it('never throws: every file cut at 40 places', () => {
    for (const [name, text] of texts) {
      for (let part = 0; part < 40; part++) {
        const { value, problems } = readRecording(
          changed(name, () => text.slice(0, Math.floor((text.length * part) / 40))),
        );
        expect(value !== undefined || problems.length > 0).toBe(true);
      }
    }
  });

  it('reports at most 21 problems', () => {
    expect(problemsOf(changed('requests.jsonl', () => 'x\n'.repeat(500)))).toHaveLength(21);
  });
});
