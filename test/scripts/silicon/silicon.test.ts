import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  loadMeasuredChips,
  loadPublished,
  type MeasuredChips,
  type Published,
} from '../../../scripts/silicon/chips.ts';
import { compareFolder } from '../../../scripts/silicon/compare.ts';
import { peakOperations } from '../../../scripts/silicon/compared-chips.ts';
import { type ComparedTable, errorOf, meanAbsoluteError, summaryOf } from '../../../scripts/silicon/compared-row.ts';
import { median, parseTable } from '../../../scripts/silicon/csv-table.ts';
import { fittedOverlap, gemminiRows } from '../../../scripts/silicon/gemmini.ts';
import { siliconPage } from '../../../scripts/silicon/page.ts';
import { readmeWith } from '../../../scripts/silicon/readme.ts';
import { attentionRows, blockRows } from '../../../scripts/silicon/tpu-v6e.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
let chips: MeasuredChips;
let tables: readonly ComparedTable[];
let published: Published;

beforeAll(async () => {
  chips = await loadMeasuredChips(root);
  published = await loadPublished(root);
  tables = compareFolder(join(root, 'scripts/silicon/data'), chips);
});

describe('docs/silicon.md and README.md', () => {
  it('are what npm run silicon writes', () => {
    expect(readFileSync(join(root, 'docs/silicon.md'), 'utf8')).toBe(siliconPage(tables, published));
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    expect(readmeWith(readme, tables)).toBe(readme);
    expect(readme).toContain('TPU v6e, attention, decode');
  });

  const aims: readonly (readonly [ComparedTable['name'], number])[] = [
    ['v6e-block', 0.05],
    ['v6e-attention-decode', 0.15],
    ['v6e-attention-prefill', 0.15],
    ['v6e-step', 0.05],
    ['gemmini-firesim', 0.2],
  ];
  it.each(aims)('%s is within %d on average', (name, aim) => {
    expect(meanAbsoluteError(tables.find((one) => one.name === name)?.rows ?? [])).toBeLessThan(aim);
  });

  it('is not better on the rows of the fit than on the others by more than 5 % of the time', () => {
    for (const { rows } of tables.filter((one) => one.rows.some((row) => row.fitted))) {
      const fitted = meanAbsoluteError(rows.filter((row) => row.fitted));
      expect(meanAbsoluteError(rows.filter((row) => !row.fitted)) - fitted).toBeLessThan(0.055);
    }
  });

  it('has no number of tokens that is 20 % off, and a median of 15 % for Gemmini', () => {
    for (const { name, rows } of tables) {
      const errors = rows.map((row) => Math.abs(errorOf(row)));
      if (name === 'v6e-block') expect(Math.max(...errors)).toBeLessThan(0.2);
      if (name === 'gemmini-firesim') expect(median(errors)).toBeLessThan(0.15);
    }
  });
});

it('the JSON document has the four tables of a folder', () => {
  const { tables: summary, sums } = summaryOf(tables);
  expect(summary.map(({ name, rows }) => [name, rows])).toEqual([
    ['v6e-block', 9],
    ['v6e-attention-decode', 186],
    ['v6e-attention-prefill', 91],
    ['gemmini-firesim', 48],
  ]);
  expect(sums.map(({ name }) => name)).toEqual(['v6e-step']);
});

it('every published figure is within 20 %, except those that the page explains', () => {
  const wrong = published.rows.filter(({ error }) => Math.abs(error) > 0.2).map(({ name }) => name);
  expect(published.rows.length).toBe(26);
  expect(wrong).toEqual([
    'Eyeriss: Vgg16Convolutions, batch 3',
    'EdgeTpu: DenseNet121',
    'T4Like: ResNet50, batch 128, burst',
  ]);
});

it('every chip has the peak that is published, within 2 %', () => {
  expect(published.chips.length).toBeGreaterThanOrEqual(15);
  for (const { chip, npu, peak, burstPeak } of published.chips) {
    if (peak !== null) expect(peakOperations(npu, 'base') / peak - 1, chip).toBeCloseTo(0, 1.4);
    if (burstPeak !== undefined) expect(peakOperations(npu, 'burst') / burstPeak - 1, chip).toBeCloseTo(0, 1.4);
  }
});

describe('rows of a table', () => {
  const table = (text: string) => parseTable(text, 'table.csv');

  it('sums the products of a block, with up_proj where it has a row', () => {
    const lines = [
      'q_proj,8,1',
      'o_proj,8,2',
      'gate_proj,8,4',
      'down_proj,8,8',
      'rope,8,100',
      'q_proj,16,1',
      'up_proj,8,16',
    ];
    const rows = blockRows(chips.tpuV6e, table(['layer,tokens,nanoseconds', ...lines].join('\r\n')));
    expect(rows.map((row) => [row.name, row.measuredSeconds * 1e9])).toEqual([['8 tokens', expect.closeTo(31, 9)]]);
  });

  it('takes the mean of repeats, and leaves out a block whose up_proj is missing', () => {
    const names = ['q_proj', 'o_proj', 'gate_proj', 'down_proj'];
    const linesOf = (tokens: number, time: number) => names.map((name) => `${name},${tokens},${time}`);
    const lines = [...linesOf(383, 1), ...linesOf(383, 3), ...linesOf(384, 1)];
    const rows = blockRows(chips.tpuV6e, table(['layer,tokens,nanoseconds', ...lines].join('\n')));
    expect(rows.map((row) => [row.name, row.measuredSeconds * 1e9])).toEqual([['383 tokens', expect.closeTo(8, 9)]]);
  });

  it('reads columns in any order, additional columns, quotes and CRLF', () => {
    const text =
      'more,"mean_nanoseconds",cached_tokens,batch,chunk_tokens,phase\r\n"x, ""y""",5,"64",16,0,"decode"\r\n';
    expect(attentionRows(chips.tpuV6e, table(text), 'decode')).toMatchObject([
      { name: '16 x 1 token after 64', measuredSeconds: 5e-9 },
    ]);
  });

  it('keeps the phases of attention apart', () => {
    const text =
      'phase,batch,chunk_tokens,cached_tokens,mean_nanoseconds\ndecode,16,0,64,5\nprefill,1,32,64,7\ndecode,1,0,32,9\n';
    const names = (phase: 'decode' | 'prefill') =>
      attentionRows(chips.tpuV6e, table(text), phase).map((row) => row.name);
    expect(names('decode')).toEqual(['16 x 1 token after 64', '1 x 1 token after 32']);
    expect(names('prefill')).toEqual(['32 tokens after 64']);
  });

  it('takes the median of the repeats', () => {
    const text =
      'c,k,n,p,q,r,s,width_stride,height_stride,tile_n,tile_p,tile_q,tile_c,tile_k,tile_r,tile_s,repeats_cycles\n';
    const [row] = gemminiRows(chips.gemmini, table(`${text}64,64,1,8,8,3,3,1,1,1,8,8,64,64,3,3,900 100 300 200`), {
      overlap: fittedOverlap,
      ownTiles: true,
    });
    expect(row?.measuredSeconds).toBeCloseTo(250e-9, 15);
    expect(row?.name).toBe('8 x 8 x 64 to 64, kernel 3');
    expect(row?.ownTilesSeconds).toBeGreaterThan(0);
  });

  it('reports a wrong cell with its line and column', () => {
    expect(() => table('a,b\n1,2\n3,x\n')[1]?.number('b')).toThrow("table.csv:3: column 'b' needs a number, not 'x'");
    expect(() => table('a\n0\n')[0]?.size('a')).toThrow("table.csv:2: column 'a' needs a whole number from 1, not '0'");
    const [row] = table('a,b,c,c\n0,4 x 5,1,2\n');
    expect(() => row?.positive('a')).toThrow("table.csv:2: column 'a' needs a number above 0, not '0'");
    expect(() => row?.positives('b')).toThrow("table.csv:2: column 'b' needs a number above 0, not 'x'");
    expect(() => row?.oneOf('b', ['yes', 'no'])).toThrow("table.csv:2: column 'b' needs yes or no, not '4 x 5'");
    expect(() => row?.text('c')).toThrow("table.csv:2: column 'c' exists twice");
    expect(() => table('a,b\n1,2\n')[0]?.text('c')).toThrow("table.csv:2: column 'c' does not exist");
  });
});
