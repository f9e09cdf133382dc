import type { Checked, Dataflow, Npu } from '../../design/index.ts';
import { scaleSimMessages } from '../messages/index.ts';
import { asName, baseName, linesOf, type Piece, Report, trimmed } from './report.ts';

/** A chip from a foreign description, and the assumptions that complete it, one sentence each. */
export interface ImportedNpu {
  readonly npu: Npu & { readonly cmem: null; readonly burst: null; readonly energy: null };
  readonly assumptions: readonly string[];
}

/** SCALE-Sim counts cycles and has no clock. Our assumption. */
const assumedClockHertz = 1e9;
/** SCALE-Sim counts words, and a word has one byte (single_layer_sim.py, word_size). */
const bytesPerWord = 1;
/** Means "never waits". It is so much more than any layer needs that even the first load takes no cycle. */
const unboundedBytesPerSecond = 1e18;
/** The off-chip memory of SCALE-Sim has no size. Our assumption. */
const assumedHbmBytes = 2 ** 40;

const dataflows: ReadonlyMap<string, Dataflow> = new Map([
  ['ws', 'weight-stationary'],
  ['os', 'output-stationary'],
  ['is', 'input-stationary'],
]);

/**
 * Reads a SCALE-Sim configuration (v2 and v3; scalesim/scale_config.py): the array, its dataflow, the three scratchpads and the off-chip
 * interface. `CALC` gives every layer the bandwidth that it needs, and `USER` the stated words per cycle. The timing of the chip is
 * `preload: exposed`. Diagnostics refer to places in `text`. The value is undefined if the array could not be read.
 */
export function readScaleSimConfig(text: string, uri: string): Checked<ImportedNpu | undefined> {
  const report = new Report(uri, text);
  const entries = readIni(text, report);
  const found = (section: string, key: string) => entries.get(`${section}.${key}`.toLowerCase());
  const whole = (section: string, key: string, fallback: number | undefined, least = 1): number | undefined => {
    const piece = found(section, key);
    if (piece === undefined) {
      if (fallback === undefined) report.add(scaleSimMessages.noSetting({ section, key }));
      return fallback;
    }
    const value = Number(piece.text);
    if (/^\+?\d+$/.test(piece.text) && value >= least && value < 2 ** 31) return value;
    report.add(scaleSimMessages.settingNotWhole({ key, least }), piece);
    return undefined;
  };
  const preset = 'architecture_presets';
  const rows = whole(preset, 'ArrayHeight', undefined);
  const columns = whole(preset, 'ArrayWidth', undefined);
  const kilobytes = ['IfmapSramSzkB', 'FilterSramSzkB', 'OfmapSramSzkB'].map((key) => whole(preset, key, undefined));
  const dataflow = readDataflow(found(preset, 'Dataflow'), report);
  const interfaceWords = readBandwidth(found, whole, report);
  const sparsity = found('sparsity', 'SparsitySupport');
  if (sparsity?.text.toLowerCase() === 'true') {
    report.add(scaleSimMessages.sparseChip(), sparsity);
  }
  if (rows === undefined || columns === undefined || dataflow === undefined)
    return { value: undefined, diagnostics: report.finish() };
  const scratchpadBytes = kilobytes.reduce((sum: number, size) => sum + (size ?? 0), 0) * 1024;
  const assumptions = [
    'SCALE-Sim has no clock: 1 GHz is our assumption.',
    'SCALE-Sim has no vector unit: one operation per column and cycle is our assumption.',
    'Its three scratchpads (ifmap, filter, ofmap) are one here. In SCALE-Sim the array never waits for them.',
    'Its off-chip memory has no size: 1 TiB is our assumption.',
    interfaceWords === undefined
      ? 'InterfaceBandwidth CALC gives every layer the bandwidth that it needs, written here as 1000000 TB/s.'
      : `InterfaceBandwidth USER: ${interfaceWords} words of one byte per cycle, the sum of its interfaces.`,
  ];
  const npu: ImportedNpu['npu'] = {
    name: asName(found('general', 'run_name')?.text.replaceAll('"', '') ?? baseName(uri), 'Array'),
    origin: { uri, start: 0, end: text.length },
    clockHertz: assumedClockHertz,
    array: { rows, columns, count: 1, dataflow, preload: 'exposed' },
    vectorUnit: { operationsPerCycle: columns },
    vmem: { capacityBytes: Math.max(1, scratchpadBytes), bandwidthBytesPerSecond: unboundedBytesPerSecond },
    cmem: null,
    hbm: {
      capacityBytes: assumedHbmBytes,
      bandwidthBytesPerSecond:
        interfaceWords === undefined ? unboundedBytesPerSecond : interfaceWords * bytesPerWord * assumedClockHertz,
    },
    offChip: 'HBM',
    base: { precision: 'int8', packing: 'none' },
    burst: null,
    quantizer: { source: 'stored', elementsPerCycle: Number.POSITIVE_INFINITY },
    switchLatencySeconds: 0,
    dispatch: { latencySeconds: 0, perOperatorSeconds: 0 },
    host: null,
    residency: 'pinned',
    energy: null,
  };
  return { value: { npu, assumptions }, diagnostics: report.finish() };
}

/**
 * Reads the format of Python's configparser: sections in brackets, `key: value` or `key = value`, keys in any case, and whole-line
 * comments.
 */
function readIni(text: string, report: Report): ReadonlyMap<string, Piece> {
  const entries = new Map<string, Piece>();
  if (text.startsWith('\ufeff')) {
    report.add(scaleSimMessages.byteOrderMark(), { start: 0, end: 1 });
  }
  let section: string | undefined;
  for (const line of linesOf(text)) {
    const piece = trimmed(text, line.start, line.end);
    if (piece.text === '' || piece.text.startsWith('#') || piece.text.startsWith(';')) continue;
    const heading = /^\[([^\]]*)\]$/.exec(piece.text);
    if (heading !== null) {
      section = (heading[1] ?? '').trim();
      continue;
    }
    const split = piece.text.search(/[:=]/);
    if (split <= 0 || section === undefined) {
      report.add(scaleSimMessages.badLine({ isInSection: section !== undefined }), piece);
      continue;
    }
    const key = piece.text.slice(0, split).trim();
    entries.set(`${section}.${key}`.toLowerCase(), trimmed(text, piece.start + split + 1, piece.end));
  }
  return entries;
}

function readDataflow(piece: Piece | undefined, report: Report): Dataflow | undefined {
  if (piece === undefined) {
    report.add(scaleSimMessages.noSetting({ section: 'architecture_presets', key: 'Dataflow' }));
    return undefined;
  }
  const dataflow = dataflows.get(piece.text.toLowerCase());
  if (dataflow === undefined) {
    report.add(scaleSimMessages.unknownDataflow(), piece);
  }
  return dataflow;
}

/** The words per cycle of all off-chip interfaces together. Undefined for CALC. */
function readBandwidth(
  found: (section: string, key: string) => Piece | undefined,
  whole: (section: string, key: string, fallback: number | undefined, least?: number) => number | undefined,
  report: Report,
): number | undefined {
  const mode = found('run_presets', 'InterfaceBandwidth');
  const isUser = mode?.text.toUpperCase() === 'USER';
  if (mode !== undefined && !isUser && mode.text.toUpperCase() !== 'CALC') {
    report.add(scaleSimMessages.unknownInterface(), mode);
  }
  if (!isUser) return undefined;
  const stated = found('architecture_presets', 'Bandwidth');
  if (stated === undefined) {
    report.add(scaleSimMessages.noBandwidth());
    return undefined;
  }
  const words = stated.text.split(',').map((part) => Number(part.trim()));
  const [ofmap = Number.NaN] = words;
  if (words.some((each) => !Number.isInteger(each) || each < 1)) {
    report.add(scaleSimMessages.badBandwidth(), stated);
    return undefined;
  }
  // v3 takes the bandwidth of the outputs from here, and that of the two inputs from [layout]. The default is 10 (scale_config.py).
  const ifmap = whole('layout', 'IfmapSRAMBankBandwidth', 10);
  const filter = whole('layout', 'FilterSRAMBankBandwidth', 10);
  return (ifmap ?? 10) + (filter ?? 10) + ofmap;
}
