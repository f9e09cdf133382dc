import type { Published } from './chips.ts';
import { peakOperations } from './compared-chips.ts';
import { type ComparedRow, type ComparedTable, errorOf, meanAbsoluteError } from './compared-row.ts';
import { median } from './csv-table.ts';
import type { PublishedRow } from './published.ts';

/** The page lists each row with a larger absolute error. */
const failure = 0.2;

/** The page docs/silicon.md. */
export function siliconPage(tables: readonly ComparedTable[], published: Published): string {
  return [
    '# The model beside measured chips',
    '',
    'Written by `npm run silicon`. A test fails if this page and the code disagree. `npm run silicon -- --data FOLDER` compares other tables of the same layout.',
    '',
    'The error of a row is our time divided by the measured time, minus 1. The mean error of a table is the mean of the absolute errors of its rows. A fitted value is one physical quantity of a chip, with one value for all rows of its table. It was fitted on the rows marked “fitted”, and the other rows show how good it is. `npm run silicon -- --fit` repeats the fits: they minimize the mean of |ln(ours / measured)|. The roofline is max(MACs / peak, bytes / bandwidth) with each byte once and nominal values.',
    '',
    summaryTable(tables),
    '',
    ...tables.map((one) => `- \`${one.name}\`: ${one.source}. Fitted: ${one.fit}.`),
    '',
    '## Errors above 20 %',
    '',
    ...failures(tables, published.rows),
    '',
    ...chipsTable(tables, published),
    '',
    ...publishedFigures(published.rows),
    ...tables.flatMap((one) => ['', ...rowsOf(one)]),
    '',
  ].join('\n');
}

/** One line for each table. README has the same lines. */
export function summaryTable(tables: readonly ComparedTable[]): string {
  const lines = tables.map(({ title, rows }) => {
    const fitted = rows.filter((row) => row.fitted);
    const others = rows.filter((row) => !row.fitted);
    const roofline = rows.map((row) => Math.abs(errorOf(row, row.rooflineSeconds)));
    const own = rows.flatMap((row) =>
      row.ownTilesSeconds === undefined ? [] : [Math.abs(errorOf(row, row.ownTilesSeconds))],
    );
    const absolute = rows.map((row) => Math.abs(errorOf(row)));
    return [
      title,
      `${rows.length}`,
      percent(meanAbsoluteError(rows)),
      fitted.length === 0 ? '–' : percent(meanAbsoluteError(fitted)),
      others.length === 0 ? '–' : percent(meanAbsoluteError(others)),
      percent(median(absolute)),
      percent(Math.max(...absolute)),
      percent(mean(roofline)),
      own.length === 0 ? '–' : percent(mean(own)),
    ];
  });
  return markdown(
    ['table', 'rows', 'mean error', 'on fitted rows', 'on other rows', 'median', 'largest', 'roofline', 'own tiles'],
    lines,
  );
}

/** The rows of `v6e-step` are sums of rows of the other tables, so they are left out here. */
function failures(all: readonly ComparedTable[], published: readonly PublishedRow[]): readonly string[] {
  const tables = all.filter(({ name }) => name !== 'v6e-step');
  const wrong = tables
    .flatMap((one) => one.rows.map((row) => ({ name: one.name, row })))
    .filter(({ row }) => Math.abs(errorOf(row)) > failure)
    .sort((a, b) => Math.abs(errorOf(b.row)) - Math.abs(errorOf(a.row)));
  const lines = wrong.map(({ name, row }) => [name, ...cellsOf(row)]);
  const figures = published
    .filter(({ error }) => Math.abs(error) > failure)
    .sort((a, b) => Math.abs(b.error) - Math.abs(a.error))
    .map(({ name, error }) => `${name} (${signed(error)})`);
  return [
    `${wrong.length} of ${tables.reduce((sum, one) => sum + one.rows.length, 0)} rows, the worst first, and ${figures.length} of ${published.length} published figures: ${figures.join('; ')}.`,
    '',
    markdown(['table', ...head], lines),
    '',
    ...causes.map((cause) => `- ${cause}`),
  ];
}

/** What the rows above have in common. Observations, not results of the model. */
const causes = [
  'Gemmini, small images with many channels (14 x 14 and smaller): our times are too short. Neither the commands nor the requests explain the measured time. Conflicts in the caches are a possible cause: neighbouring pixels are 1 to 2 KiB apart. The measured table cannot confirm this.',
  'Gemmini, one to a few channels or filters: a request moves a few bytes, and we count it like a request of 64 B. On the chip, writes of 2 B take longer.',
  'TPU v6e, attention of one sequence with up to 352 cached tokens: our times are 1.3 to 2.4 us too long, and 0.6 us too long with 640 tokens. One `launch` and one cost per pass are fitted to all rows. For one sequence, `launch` is too long and the cost per pass too short.',
  'TPU v6e, attention of 16 sequences with up to 416 cached tokens: the measured time drops by a fifth from 416 to 448 tokens, although the work grows. The kernel probably uses other blocks there. The model has one block size.',
  'TPU v6e, prefill of a short chunk, or of a multiple of 256 tokens without a cache: the measured times do not grow in proportion to the work (256 tokens take less time than 224).',
];

/** Each chip of the library with its published peak, and the errors of the rows that it was compared with. */
function chipsTable(tables: readonly ComparedTable[], { rows, chips }: Published): readonly string[] {
  const lines = chips.map((compared) => {
    const measured = tables.filter(({ name }) => compared.tables?.includes(name) === true).flatMap((one) => one.rows);
    const errors = [
      ...measured.map((row) => errorOf(row)),
      ...rows.filter(({ chip }) => chip === compared.chip).map(({ error }) => error),
    ].map(Math.abs);
    return [
      `\`${compared.chip}\``,
      peakCell(compared.peak, peakOperations(compared.npu, 'base')),
      compared.burstPeak === undefined ? '–' : peakCell(compared.burstPeak, peakOperations(compared.npu, 'burst')),
      errors.length === 0 ? 'none' : `${errors.length}`,
      errors.length === 0 ? '–' : percent(mean(errors)),
      errors.length === 0 ? '–' : percent(Math.max(...errors)),
    ];
  });
  return [
    '## Chips of the library',
    '',
    'Each chip is compared with its published peak and with the rows of this page. A chip without rows has only the sources that its library file names. No measurement confirms its times.',
    '',
    markdown(['chip', 'published peak and ours', 'in burst mode', 'rows', 'mean error', 'largest'], lines),
  ];
}

function peakCell(published: number | null, ours: number): string {
  return `${published === null ? 'none' : tera(published)}, ${tera(ours)}`;
}

function tera(operationsPerSecond: number): string {
  return `${Number((operationsPerSecond / 1e12).toPrecision(3))} TOPS`;
}

function publishedFigures(published: readonly PublishedRow[]): readonly string[] {
  const lines = published.map(({ name, published: stated, ours, unit, error, offChipBytes }) => [
    name,
    `${Number(stated.toPrecision(5))} ${unit}`,
    `${Number(ours.toPrecision(3))} ${unit}`,
    signed(error),
    `${(offChipBytes / 1e6).toFixed(1)} MB`,
  ]);
  return [
    '## Published figures',
    '',
    'The error is our time divided by the published time, minus 1, also where the figure is a rate. `stimpack/` has the chips, with the source of each value.',
    '',
    ...publishedNotes.map((note) => `- ${note}`),
    '',
    markdown(['figure', 'published', 'ours', 'error', 'our off-chip traffic'], lines),
  ];
}

const publishedNotes = [
  'NVDLA: estimates of its makers, not measurements. One value, a DRAM efficiency of 58 %, is fitted on all seven rows: no row is left to check it. The stated bandwidth divided by the frames is 74, about 104 and 138 MB for buffers of 512, 256 and 128 KiB, and our traffic divided by the efficiency is 72, 85 to 90 and 108 MB. So the efficiency also includes traffic that the model does not count.',
  'Eyeriss: measurements of the convolutions alone. Nothing is fitted: 88 % of the elements are active, as the paper states. Its array is row-stationary, and ours is weight-stationary. VGG-16 is wrong: the measured chip waits for its global buffer (11 GB in 3.7 s), and this traffic depends on the dataflow. The paper reports 15.4 MB of compressed DRAM traffic for AlexNet.',
  'Edge TPU: benchmarks of its makers, over USB. Three values are fitted on these rows: the sustained fraction of the arrays, the bandwidth of the link, and the time to start. No row is left to check them. The shape of the arrays is our assumption; one array of 64 x 64 makes MobileNet 77 % too slow. DenseNet-121 is wrong: in our model its weights fill more than the SRAM. What the real chip keeps in its SRAM is not published.',
  'Orin DLA: figures of its makers for two engines, halved. Two values are fitted on all four rows: the sustained fraction, and the cycles of overhead for each operator.',
  'Ethos-U55: cycles from the simulator of its makers. Nothing is fitted.',
  'TPUv1: Table 3 of the paper, from memory. The sizes of the five layers are our assumption.',
  'T4: a result of MLPerf. The sustained fraction is a published measurement of large products. Convolutions probably reach less.',
];

const head = ['row', 'measured', 'ours', 'error', 'roofline', 'its error', ''];

function rowsOf(one: ComparedTable): readonly string[] {
  const withTiles = one.rows.some((row) => row.ownTilesSeconds !== undefined);
  const lines = one.rows.map((row) => {
    const own = row.ownTilesSeconds;
    const extra = own === undefined ? [] : [time(own), signed(errorOf(row, own))];
    return [...cellsOf(row), ...extra];
  });
  return [`## ${one.title}`, '', markdown(withTiles ? [...head, 'own tiles', 'their error'] : head, lines)];
}

function cellsOf(row: ComparedRow): readonly string[] {
  return [
    row.name,
    time(row.measuredSeconds),
    time(row.ourSeconds),
    signed(errorOf(row)),
    time(row.rooflineSeconds),
    signed(errorOf(row, row.rooflineSeconds)),
    row.fitted ? 'fitted' : '',
  ];
}

function markdown(names: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const isWord = (index: number): boolean => lines.every((cells) => !/\d/.test(cells[index] ?? '')) || index === 0;
  return [line(names), line(names.map((_, index) => (isWord(index) ? '---' : '---:'))), ...lines.map(line)].join('\n');
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function time(seconds: number): string {
  const digits = (value: number): string => String(Number(value.toPrecision(4)));
  return seconds < 1e-3 ? `${digits(seconds * 1e6)} us` : `${digits(seconds * 1e3)} ms`;
}

function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(1)} %`;
}

function signed(fraction: number): string {
  return `${fraction < 0 ? '−' : '+'}${percent(Math.abs(fraction))}`;
}
