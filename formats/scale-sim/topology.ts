import type { Checked, Layer, Model, Operation, Shape } from '../../design/index.ts';
import { scaleSimMessages } from '../messages/index.ts';
import { asName, baseName, linesOf, type Piece, Report, trimmed } from './report.ts';

/** No layer has a larger size. */
const maxSize = 2 ** 31 - 1;

/** Messages that are reported once for the whole file, with the first place and the count. */
interface Habits {
  missingComma: { first: Piece; count: number } | undefined;
  sparsity: { first: Piece; count: number } | undefined;
}

/**
 * Reads a SCALE-Sim topology (v2 and v3; scalesim/topology_utils.py). There are two forms, which differ in the number of columns:
 * - Convolutions: name, ifmap height, ifmap width, filter height, filter width, channels, filters, stride [, sparsity N:M]. There is no
 * padding; ofmap = ceil((ifmap - filter + stride) / stride). A name with "DP" means one layer for each channel (depthwise).
 * - Products: name, M, N, K [, sparsity N:M].
 *
 * Rows end with a comma. Text after it is ignored, as in SCALE-Sim. The rows are not chained: each reads its own input. `text`: the whole
 * file, in which diagnostics have their places. The value is undefined if no row could be read.
 */
export function readScaleSimTopology(text: string, uri: string): Checked<Model | undefined> {
  const report = new Report(uri, text);
  const habits: Habits = { missingComma: undefined, sparsity: undefined };
  const layers: Layer[] = [];
  const names = new Map<string, number>();
  if (text.startsWith('\ufeff')) {
    report.add(scaleSimMessages.byteOrderMark(), { start: 0, end: 1 });
  }
  let delimiter = ',';
  let header: readonly Piece[] | undefined;
  let form: Form | undefined;
  let extraReported = false;
  for (const line of linesOf(text)) {
    const whole = trimmed(text, line.start, line.end);
    if (whole.text === '') continue;
    if (header === undefined) delimiter = delimiterOf(whole.text);
    const pieces = piecesOf(text, whole, delimiter);
    if (header === undefined) {
      header = pieces;
      form = formOf(pieces);
      if (pieces.length < 4 || !isNumber(pieces[1]) || !isNumber(pieces[2]) || !isNumber(pieces[3])) continue;
      report.add(scaleSimMessages.noHeader(), whole);
    }
    const filled = pieces.filter((piece) => piece.text !== '');
    if (filled.length === 0) continue;
    const [caption] = filled;
    // Spreadsheets have captions between the layers: a name followed by commas.
    if (filled.length === 1 && caption !== undefined && caption === pieces[0] && pieces.length > 2) {
      report.add(scaleSimMessages.caption(), caption);
      continue;
    }
    // If the header does not decide the form, the first row does.
    form ??= countNumbers(pieces) <= 4 ? 'product' : 'convolution';
    const row = readRow(form, pieces, whole, report, habits);
    if (row === undefined) continue;
    if (row.extra.length > 0 && !extraReported) {
      extraReported = true;
      const first = row.extra[0] ?? whole;
      report.add(scaleSimMessages.extraColumns(), first);
    }
    const count = (names.get(row.name) ?? 0) + 1;
    names.set(row.name, count);
    layers.push({
      name: count === 1 ? row.name : `${row.name}_${count}`,
      operation: row.operation,
      inputs: [-1],
      inputShapes: [row.input],
      outputShape: row.output,
      origin: { uri, start: whole.start, end: whole.end },
    });
  }
  if (habits.missingComma !== undefined) {
    const { first, count } = habits.missingComma;
    report.add(scaleSimMessages.noTrailingComma({ count }), first);
  }
  if (habits.sparsity !== undefined) {
    const { first, count } = habits.sparsity;
    report.add(scaleSimMessages.sparseRow({ count }), first);
  }
  if (layers.length === 0 && !report.hasErrors) report.add(scaleSimMessages.noLayers());
  const first = layers[0];
  const value: Model | undefined =
    first === undefined
      ? undefined
      : {
          name: asName(baseName(uri), 'Network'),
          origin: { uri, start: 0, end: text.length },
          inputShape: first.inputShapes[0] ?? [1],
          layers,
          quantization: 'static',
          accuracy: null,
        };
  return { value, diagnostics: report.finish() };
}

function delimiterOf(line: string): string {
  if (line.includes(',')) return ',';
  return line.includes('\t') ? '\t' : line.includes(';') ? ';' : ',';
}

function piecesOf(text: string, line: Piece, delimiter: string): Piece[] {
  const pieces: Piece[] = [];
  let start = line.start;
  for (let at = line.start; at <= line.end; at++) {
    if (at < line.end && text[at] !== delimiter) continue;
    pieces.push(trimmed(text, start, at));
    start = at + 1;
  }
  return pieces;
}

function isNumber(piece: Piece | undefined): boolean {
  return piece !== undefined && /^[+-]?\d+$/.test(piece.text);
}

function isRatio(piece: Piece | undefined): boolean {
  return piece !== undefined && /^\d+\s*:\s*\d+$/.test(piece.text);
}

interface Row {
  readonly name: string;
  readonly operation: Operation;
  readonly input: Shape;
  readonly output: Shape;
  /** The number of pieces that were understood, and of those after them. */
  readonly used: number;
  readonly extra: readonly Piece[];
}

const productColumns = ['M', 'N', 'K'] as const;
const convolutionColumns = [
  'ifmap height',
  'ifmap width',
  'filter height',
  'filter width',
  'channels',
  'filters',
  'stride',
] as const;

type Form = 'product' | 'convolution';

/** The form by the header: a convolution has eight columns, and a product has four and perhaps its sparsity. */
function formOf(header: readonly Piece[]): Form | undefined {
  const columns = header.filter((piece) => piece.text !== '').length;
  if (columns >= 7) return 'convolution';
  return columns === 4 || columns === 5 ? 'product' : undefined;
}

function countNumbers(pieces: readonly Piece[]): number {
  return pieces.slice(1).filter((piece) => isNumber(piece)).length;
}

function readRow(form: Form, pieces: readonly Piece[], line: Piece, report: Report, habits: Habits): Row | undefined {
  const name = pieces[0]?.text ?? '';
  const isProduct = form === 'product';
  const columns = isProduct ? productColumns : convolutionColumns;
  const sizes: number[] = [];
  for (const [index, column] of columns.entries()) {
    const piece = pieces[index + 1];
    if (piece === undefined || piece.text === '') {
      const at = piece ?? line;
      const wanted = isProduct
        ? 'a name, M, N and K'
        : 'a name, ifmap, filter (height, width each), channels, filters and stride';
      report.add(scaleSimMessages.noColumn({ column, wanted }), at);
      return undefined;
    }
    const value = Number(piece.text);
    if (!isNumber(piece) || value < 1 || value > maxSize) {
      const most = value > maxSize ? maxSize : undefined;
      report.add(scaleSimMessages.sizeNotWhole({ column, most }), piece);
      return undefined;
    }
    sizes.push(value);
  }
  let used = columns.length + 1;
  let rest = pieces.slice(used);
  if (rest.length === 0) note(habits, 'missingComma', line);
  const ratio = rest[0];
  if (ratio !== undefined && isRatio(ratio)) {
    const [nonZero, block] = ratio.text.split(':').map(Number);
    if (nonZero !== block) note(habits, 'sparsity', ratio);
    if (rest.length === 1) note(habits, 'missingComma', line);
    used++;
    rest = rest.slice(1);
  }
  // The last comma ends the row. Text after it is not a column, as in SCALE-Sim.
  const extra = rest.slice(0, -1).filter((piece) => piece.text !== '');
  const row = isProduct ? productRow(sizes) : convolutionRow(sizes, name, pieces, report);
  return row === undefined ? undefined : { name: name === '' ? `Layer` : name, ...row, used, extra };
}

function note(habits: Habits, kind: keyof Habits, piece: Piece): void {
  const known = habits[kind];
  if (known === undefined) habits[kind] = { first: piece, count: 1 };
  else known.count++;
}

/** M x K activations times K x N weights. */
function productRow(sizes: readonly number[]): Pick<Row, 'operation' | 'input' | 'output'> {
  const [m = 1, n = 1, k = 1] = sizes;
  return { operation: { kind: 'dense', outputs: n, bias: false }, input: [m, k], output: [m, n] };
}

function convolutionRow(
  sizes: readonly number[],
  name: string,
  pieces: readonly Piece[],
  report: Report,
): Pick<Row, 'operation' | 'input' | 'output'> | undefined {
  const [height = 1, width = 1, kernelHeight = 1, kernelWidth = 1, channels = 1, filters = 1, stride = 1] = sizes;
  for (const [axis, kernel, size] of [
    ['height', kernelHeight, height],
    ['width', kernelWidth, width],
  ] as const) {
    if (kernel <= size) continue;
    const piece = pieces[axis === 'height' ? 3 : 4];
    report.add(scaleSimMessages.largeFilter({ axis, kernel, size }), piece);
    return undefined;
  }
  const outHeight = Math.ceil((height - kernelHeight + stride) / stride);
  const outWidth = Math.ceil((width - kernelWidth + stride) / stride);
  // SCALE-Sim counts a last window that is partly outside of the ifmap. Padding at the end gives the same size when it is rounded down.
  const bottom = (outHeight - 1) * stride + kernelHeight - height;
  const right = (outWidth - 1) * stride + kernelWidth - width;
  const isDepthwise = name.includes('DP');
  const groups = isDepthwise ? channels : 1;
  const outputs = filters * groups;
  if (outputs > maxSize) {
    const piece = pieces[6];
    report.add(scaleSimMessages.manyFilters({ filters, channels }), piece);
    return undefined;
  }
  return {
    operation: {
      kind: 'conv',
      kernel: { height: kernelHeight, width: kernelWidth },
      stride: { height: stride, width: stride },
      padding: { top: 0, bottom: Math.max(0, bottom), left: 0, right: Math.max(0, right) },
      dilation: { height: 1, width: 1 },
      filters: outputs,
      groups,
      bias: false,
    },
    input: [height, width, channels],
    output: [outHeight, outWidth, outputs],
  };
}
