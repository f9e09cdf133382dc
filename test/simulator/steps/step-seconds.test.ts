import { describe, expect, it, test } from 'vitest';
import type { Npu } from '../../../design/index.ts';
import { kvBytesPerToken, type SimpleStep, stepSeconds, weightBytes } from '../../../simulator/index.ts';
import { plainTpu, stimpack } from '../hardware/fixtures.ts';
import { decoder, modelOf } from './models.ts';

const range = { tokens: 2048, sequences: 256, context: 8192 };
const decodes = (count: number, context: number): SimpleStep => ({
  chunk: 0,
  cached: 0,
  contexts: new Array<number>(count).fill(context),
});
const seconds = (npu: Npu, model = decoder(), step = decodes(16, 1000), mode: 'base' | 'burst' = 'base') =>
  stepSeconds(npu, model, mode, range, step);

/** Llama-3.1-8B with 8 layers: products of the layers, and the output. */
const products = 8 * (4096 * 6144 + 4096 * 4096 + 3 * 4096 * 14336) + 4096 * 128256;
const bandwidth = plainTpu.hbm.bandwidthBytesPerSecond;

describe('bytes', () => {
  test('all weights: products in the format of the mode, tables and scales in base precision', () => {
    const others = 128256 * 4096 + 17 * 4096;
    expect(weightBytes(stimpack, decoder(), 'base')).toBe(2 * (products + others));
    expect(weightBytes(stimpack, decoder(), 'burst')).toBe(products + 2 * others);
    expect(weightBytes(plainTpu, decoder(), 'burst')).toBe(2 * (products + others));
  });

  test('keys and values of one token: those of Llama-3.1-8B in bf16 and in int8', () => {
    expect(kvBytesPerToken(decoder({ layers: 32 }), { format: 'bf16' })).toBe(131_072);
    expect(kvBytesPerToken(decoder({ layers: 32 }), { format: 'int8' })).toBe(65_536);
  });
});

describe('a step that only decodes', () => {
  it('takes at least as long as reading its weights and its KV cache once, and not much longer', () => {
    for (const [count, context] of [
      [1, 100],
      [16, 1000],
    ] as const) {
      const bytes = 2 * (products + count * context * 8 * 2 * 8 * 128);
      const onChip = plainTpu.vmem.capacityBytes + (plainTpu.cmem?.capacityBytes ?? 0);
      const found = seconds(plainTpu, decoder(), decodes(count, context));
      expect(found).toBeGreaterThan((bytes - onChip) / bandwidth);
      expect(found).toBeLessThan((1.25 * bytes) / bandwidth);
    }
  });

  it('reads the weights once, however many sequences it has', () => {
    const one = seconds(plainTpu, decoder(), decodes(1, 16));
    expect(seconds(plainTpu, decoder(), decodes(8, 16)) / one).toBeLessThan(1.1);
  });
});

describe('burst mode', () => {
  const withSource = (source: Npu['quantizer']['source']): Npu => ({
    ...stimpack,
    quantizer: { source, elementsPerCycle: 4096 },
  });
  const base = seconds(stimpack);

  it.each(['stored', 'off-chip', 'nested'] as const)('halves the bytes of weights that stream: %s', (source) => {
    expect(seconds(withSource(source), decoder(), decodes(1, 16), 'burst') / base).toBeLessThan(0.6);
  });

  it('cannot help weights that stream if the chip converts them', () => {
    const burst = seconds(withSource('on-chip'), decoder(), decodes(16, 1000), 'burst');
    expect(burst / base).toBeGreaterThan(0.9);
    expect(burst / base).toBeLessThanOrEqual(1);
  });

  it('is limited by a slow quantization unit', () => {
    const slow = { ...stimpack, quantizer: { source: 'on-chip', elementsPerCycle: 16 } } as const;
    expect(seconds(slow, decoder(), decodes(1, 16), 'burst')).toBeGreaterThan((0.9 * products) / 16 / slow.clockHertz);
  });
});

describe('the bytes that a step reads', () => {
  test('keys and values in the format in which they were written', () => {
    const long = decodes(64, 8000);
    const wide = stepSeconds(plainTpu, decoder(), 'base', range, long);
    const narrow = stepSeconds(plainTpu, decoder(), 'base', range, long, { format: 'int8' });
    expect(narrow).toBeLessThan(wide);
  });

  test('no keys behind the window', () => {
    const model = decoder({ attention: ', window: 1024' });
    const at = (context: number) => seconds(plainTpu, model, decodes(64, context));
    expect(at(512)).toBeLessThan(at(1024));
    expect(at(8000)).toBe(at(1024));
    const prompt = (cached: number) => seconds(plainTpu, model, { chunk: 256, cached, contexts: [] });
    expect(prompt(1023)).toBe(prompt(8000));
    expect(prompt(512)).toBeLessThan(prompt(1023));
  });

  test('the output for one token of each sequence, not for each token of a prompt', () => {
    const text = (head: string) => `model Head {
      input: tokens
      layers {
        embedding { rows: 32000, width: 256 }
        attention { heads: 4, cache: yes }
        ${head}
        dense { outputs: 32000, bias: no }
      }
    }`;
    const prompt: SimpleStep = { chunk: 2048, cached: 0, contexts: [] };
    const last = seconds(plainTpu, modelOf(text('last-token')), prompt);
    const all = seconds(plainTpu, modelOf(text('')), prompt);
    expect(all / last).toBeGreaterThan(3);
  });

  test('the experts that its tokens select: E (1 - (1 - k / E)^T)', () => {
    const mixture = (experts: number, active: number) =>
      decoder({ feedForward: `width: 14336, experts: ${experts}, active: ${active}` });
    const ofTwo = seconds(plainTpu, mixture(2, 2), decodes(1, 16));
    const ofEight = (tokens: number) => seconds(plainTpu, mixture(8, 2), decodes(tokens, 16));
    expect(ofEight(1) / ofTwo).toBeCloseTo(1, 1);
    const expertSeconds = (2 * 8 * 3 * 4096 * 14336) / bandwidth;
    for (const tokens of [2, 4, 16]) {
      const more = 8 * (1 - (3 / 4) ** tokens) - 2;
      expect((ofEight(tokens) - ofEight(1)) / expertSeconds / more).toBeCloseTo(1, 1);
    }
  });
});
