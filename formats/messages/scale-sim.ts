import { type MessageRegistry, message } from '../../design/index.ts';

/** No message quotes a value of a configuration or a cell of a topology, because the file can be anything on the machine. */
export const scaleSimMessages = {
  more: message('scale-sim-more', ({ count }: { count: number }) => `${count} more errors in this file.`),
  byteOrderMark: message('scale-sim-byte-order-mark', 'The file starts with a byte order mark. It is ignored.'),

  noSetting: message(
    'scale-sim-missing',
    ({ section, key }: { section: string; key: string }) => `[${section}] has no ${key}. Add it.`,
  ),
  noBandwidth: message(
    'scale-sim-missing',
    '[architecture_presets] has no Bandwidth, but InterfaceBandwidth: USER needs it.',
  ),
  settingNotWhole: message(
    'scale-sim-number',
    ({ key, least }: { key: string; least: number }) => `${key} must be a whole number, ${least} or greater.`,
  ),
  badBandwidth: message(
    'scale-sim-number',
    'Bandwidth is in words per cycle. Each value must be a whole number, 1 or greater.',
  ),
  badLine: message(
    'scale-sim-line',
    ({ isInSection }: { isInSection: boolean }) =>
      `This line cannot be read. Expected ${isInSection ? "'key: value'" : "a section such as '[general]'"}.`,
  ),
  unknownDataflow: message('scale-sim-dataflow', 'Dataflow must be ws, os or is.'),
  unknownInterface: message('scale-sim-interface', 'InterfaceBandwidth must be CALC or USER.'),
  sparseChip: message('scale-sim-sparsity', 'Sparsity is ignored. All layers are imported as dense layers.'),

  noHeader: message(
    'scale-sim-no-header',
    'The first line is a layer, not a header. It is read. SCALE-Sim always skips the first line.',
  ),
  caption: message('scale-sim-caption', 'This row has a name and no numbers. It is skipped.'),
  extraColumns: message('scale-sim-extra-columns', 'Columns after the stride are ignored.'),
  noTrailingComma: message(
    'scale-sim-trailing-comma',
    ({ count }: { count: number }) =>
      `The comma at the end of this row${andMore(count)} is missing. The row is read completely. SCALE-Sim would drop its last column.`,
  ),
  sparseRow: message(
    'scale-sim-sparsity',
    ({ count }: { count: number }) =>
      `The sparsity of this row${andMore(count)} is ignored. All layers are imported as dense layers.`,
  ),
  noLayers: message('scale-sim-empty', 'The file has no layers.'),
  noColumn: message(
    'scale-sim-row',
    ({ column, wanted }: { column: string; wanted: string }) => `This row has no ${column}. Expected ${wanted}.`,
  ),
  /** `most`: the largest allowed number, if the value is larger. */
  sizeNotWhole: message(
    'scale-sim-number',
    ({ column, most }: { column: string; most: number | undefined }) =>
      `${column} must be a whole number${most === undefined ? ', 1 or greater' : ` from 1 to ${most}`}.`,
  ),
  largeFilter: message(
    'scale-sim-filter',
    (p: { axis: string; kernel: number; size: number }) =>
      `The filter ${p.axis} ${p.kernel} is larger than the ifmap ${p.axis} ${p.size}. SCALE-Sim has no padding: include the padding in the ifmap.`,
  ),
  manyFilters: message(
    'scale-sim-number',
    ({ filters, channels }: { filters: number; channels: number }) =>
      `${filters} filters for each of ${channels} channels are too many.`,
  ),
} as const satisfies MessageRegistry;

function andMore(count: number): string {
  return count === 1 ? '' : ` and ${count - 1} more`;
}
