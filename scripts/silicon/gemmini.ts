import type { Npu, Operation } from '../../design/index.ts';
import { costOfMapping, type StatedMapping } from '../../simulator/index.ts';
import type { ComparedRow } from './compared-row.ts';
import { type MeasuredRow, median } from './csv-table.ts';
import { type ListedLayer, rooflineSeconds, secondsOf } from './layer-list.ts';

/**
 * The part of the array's time in which Gemmini's software also moves data, fitted on the rows with `fitted`. Its loop issues the loads of the next
 * tile among the commands of the present one, and two tiles fill its buffers.
 */
export const fittedOverlap = 0.38;

/**
 * One operator per row, with the tiles in the row. The median of the repeats counts. Every fourth row is not used for
 * fitting: with half of the rows, the two values are not determined, because a faster memory and less overlap give nearly the same times.
 */
export function gemminiRows(
  npu: Npu,
  measured: readonly MeasuredRow[],
  { overlap, ownTiles }: { readonly overlap: number; readonly ownTiles: boolean },
): readonly ComparedRow[] {
  return measured.map((row, index) => {
    const layer = layerOf(row);
    const sizes = ['c', 'k', 'n', 'p', 'q', 'r', 's'] as const;
    const macs = sizes.reduce((product, name) => product * row.size(name), 1);
    const stride = row.size('width_stride');
    return {
      name:
        `${row.size('p')} x ${row.size('q')} x ${row.size('c')} to ${row.size('k')}, ` +
        `kernel ${row.size('r')}${stride === 1 ? '' : `, stride ${stride}`}`,
      measuredSeconds: median(row.positives('repeats_cycles')) / npu.clockHertz,
      ourSeconds: costOfMapping(npu, mappingOf(row, overlap)).seconds,
      rooflineSeconds: rooflineSeconds(npu, [layer], macs),
      fitted: index % 4 !== 3,
      ...(ownTiles ? { ownTilesSeconds: secondsOf(npu, [layer]) } : {}),
    };
  });
}

/** Products have no second dimension of outputs: their rows are in `p`. */
function isProduct(row: MeasuredRow): boolean {
  return row.size('q') === 1 && row.size('r') === 1 && row.size('s') === 1;
}

function mappingOf(row: MeasuredRow, overlap: number): StatedMapping {
  const loop = (name: string) => ({
    total: row.size(name),
    tile: Math.min(row.size(name), row.size(`tile_${name}`)),
  });
  const one = { total: 1, tile: 1 };
  const kernel = (name: 'r' | 's') => ({
    size: loop(name),
    stride: row.size(name === 'r' ? 'height_stride' : 'width_stride'),
    padding: Math.floor(row.size(name) / 2),
  });
  const product = isProduct(row);
  return {
    images: loop('n'),
    height: product ? one : loop('p'),
    width: product ? loop('p') : loop('q'),
    channels: loop('c'),
    filters: loop('k'),
    kernelHeight: kernel('r'),
    kernelWidth: kernel('s'),
    overlap,
  };
}

/** The same operator as a layer, for our own tiles. */
function layerOf(row: MeasuredRow): ListedLayer {
  const [c, k, n, p, q, r, s] = (['c', 'k', 'n', 'p', 'q', 'r', 's'] as const).map((name) => row.size(name));
  if (c === undefined || k === undefined || n === undefined || p === undefined) throw new Error('a row without sizes');
  if (q === undefined || r === undefined || s === undefined) throw new Error('a row without sizes');
  const name = 'operator';
  if (isProduct(row)) {
    return { name, operation: { kind: 'dense', outputs: k, bias: false }, input: [n * p, c], output: [n * p, k] };
  }
  const stride = { height: row.size('height_stride'), width: row.size('width_stride') };
  const [above, left] = [Math.floor(r / 2), Math.floor(s / 2)];
  const operation: Operation = {
    kind: 'conv',
    kernel: { height: r, width: s },
    stride,
    padding: { top: above, bottom: above, left, right: left },
    dilation: { height: 1, width: 1 },
    filters: k,
    groups: 1,
    bias: false,
  };
  const input = [(p - 1) * stride.height + r - 2 * above, (q - 1) * stride.width + s - 2 * left, c];
  return { name, operation, input, output: [p, q, k] };
}
