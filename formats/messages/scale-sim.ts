import { type MessageRegistry, message } from '../../design/index.ts';

/** No message quotes a value of a configuration or a cell of a topology, because the file can be anything on the machine. */
export const scaleSimMessages = {
  more: message('scale-sim-more', ({ count }: { count: number }) => `${count} more errors in this file`),
  byteOrderMark: message('scale-sim-byte-order-mark', 'the file starts with a byte order mark; it is ignored'),

  noSetting: message(
    'scale-sim-missing',
    ({ section, key }: { section: string; key: string }) => `[${section}] has no ${key}`,
  ),
  noBandwidth: message(
    'scale-sim-missing',
    '[architecture_presets] has no Bandwidth, which InterfaceBandwidth: USER needs',
  ),
  settingNotWhole: message(
    'scale-sim-number',
    ({ key, least }: { key: string; least: number }) => `${key} must be a whole number from ${least}`,
  ),
  badBandwidth: message('scale-sim-number', 'Bandwidth must be words per cycle: whole numbers from 1'),
  badLine: message(
    'scale-sim-line',
    ({ isInSection }: { isInSection: boolean }) =>
      `this line cannot be read: expected ${isInSection ? "'key: value'" : "a section such as '[general]'"}`,
  ),
  unknownDataflow: message('scale-sim-dataflow', 'Dataflow must be ws, os or is'),
  unknownInterface: message('scale-sim-interface', 'InterfaceBandwidth must be CALC or USER'),
  sparseChip: message('scale-sim-sparsity', 'sparsity is ignored: layers are dense here'),

  noHeader: message(
    'scale-sim-no-header',
    'the first line is a layer, not a header; it is read (SCALE-Sim always skips the first line)',
  ),
  caption: message('scale-sim-caption', 'this row has a name and no numbers; it is skipped'),
  extraColumns: message('scale-sim-extra-columns', 'columns after the stride are ignored'),
  noTrailingComma: message(
    'scale-sim-trailing-comma',
    ({ count }: { count: number }) =>
      `the comma at the end of this row${andMore(count)} is missing; the row is read anyway (SCALE-Sim would lose its last column)`,
  ),
  sparseRow: message(
    'scale-sim-sparsity',
    ({ count }: { count: number }) => `the sparsity of this row${andMore(count)} is ignored: layers are dense here`,
  ),
  noLayers: message('scale-sim-empty', 'the file has no layers'),
  noColumn: message(
    'scale-sim-row',
    ({ column, wanted }: { column: string; wanted: string }) => `this row has no ${column}: expected ${wanted}`,
  ),
  /** `most`: the largest allowed number, if the value is larger. */
  sizeNotWhole: message(
    'scale-sim-number',
    ({ column, most }: { column: string; most: number | undefined }) =>
      `${column} must be a whole number from 1${most === undefined ? '' : ` to ${most}`}`,
  ),
  largeFilter: message(
    'scale-sim-filter',
    (p: { axis: string; kernel: number; size: number }) =>
      `the filter ${p.axis} ${p.kernel} is larger than the ifmap ${p.axis} ${p.size} (SCALE-Sim has no padding; include the padding in the ifmap)`,
  ),
  manyFilters: message(
    'scale-sim-number',
    ({ filters, channels }: { filters: number; channels: number }) =>
      `${filters} filters for each of ${channels} channels are too many`,
  ),
} as const satisfies MessageRegistry;

function andMore(count: number): string {
  return count === 1 ? '' : ` and ${count - 1} more`;
}
