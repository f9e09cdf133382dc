import {
  type AreaTable,
  type AttentionUnit,
  areaGap,
  arraysOf,
  bytesPerElement,
  type ChipLink,
  type EnergyTable,
  formatBytes,
  formatText,
  type HostLink,
  type Npu,
  type Origin,
  type Precision,
  precisions,
  type Quantizer,
  smallestArray,
  smallestVmemBytes,
  staticWatts,
  weightFormat,
} from '../../design/index.ts';
import { valueMessages } from '../messages/index.ts';
import { npuSchema } from '../schema/index.ts';
import { dimensions, sameDimension } from '../units/index.ts';
import { readArrays } from './arrays.ts';
import type { BlockReader } from './blocks.ts';
import { directionProblems, readMemory } from './memories.ts';
import { modeProblems, operatingMode } from './modes.ts';
import type { Reporter } from './reporter.ts';
import type { Settings } from './settings.ts';
import { readTiles, tileProblems, tileSettings } from './tiles.ts';

/** Makes the chip from its block and from the chip that it extends. undefined if something essential is missing or wrong. */
export function buildNpu(name: string, origin: Origin, settings: Settings, reader: BlockReader): Npu | undefined {
  const inner = (key: string): Settings => settings.block(key) ?? emptyBlock(settings, key, reader);
  const arrays = readArrays(name, origin, settings, reader);
  if (arrays === undefined) return undefined;
  const vector = inner('vector');
  const quantizer = inner('quantizer');
  const clockHertz = settings.number('clock');
  const buffer = settings.block('buffer');
  const vmem = buffer ?? inner('VMEM');
  const hbm = settings.block('HBM');
  const cmem = buffer ?? settings.block('CMEM');
  const base = settings.block('mode base');
  const burst = settings.block('mode burst');
  const dispatch = inner('dispatch');
  const host = settings.block('host');
  const link = settings.block('link');
  const attention = settings.block('attention');
  const area = settings.block('area');
  const tiles = readTiles(settings);
  const npu: Npu = {
    name,
    origin,
    clockHertz,
    ...arrays.arrays,
    vectorUnit: { operationsPerCycle: vectorRate(vector, clockHertz) },
    ...(attention === undefined ? {} : { attention: attentionUnit(attention, arrays.mostArrays, clockHertz) }),
    vmem: readMemory(vmem, clockHertz),
    cmem: cmem === undefined ? null : readMemory(cmem, clockHertz),
    ...offChipMemory(hbm, { vmem, cmem: buffer === undefined ? cmem : undefined, host }, clockHertz),
    ...(buffer === undefined ? {} : { unified: true }),
    // Our assumption: a chip that states no base mode computes in bf16, the precision of the TPUs since the second.
    base: base === undefined ? { precision: 'bf16', packing: 'none' } : operatingMode(base),
    burst: burst === undefined ? null : operatingMode(burst),
    quantizer: readQuantizer(quantizer, arrays.columns),
    switchLatencySeconds: seconds(inner('switch'), 'latency', clockHertz),
    dispatch: {
      latencySeconds: seconds(dispatch, 'latency', clockHertz),
      perOperatorSeconds: seconds(dispatch, 'per operator', clockHertz),
    },
    host: host === undefined ? null : hostLink(host, clockHertz, hbm !== undefined),
    ...(link === undefined ? {} : { link: chipLink(link, clockHertz) }),
    residency: settings.word('residency'),
    energy: energyTable(settings.block('energy'), buffer !== undefined),
    ...(tiles === undefined ? {} : { tiles }),
    ...(area === undefined ? {} : { area: areaTable(area, buffer !== undefined) }),
  };
  const used = [
    settings,
    ...arrays.blocks,
    ...arrays.issues,
    vector,
    quantizer,
    vmem,
    dispatch,
    ...[hbm, cmem, base, burst, host, link, attention, ...tileSettings(settings), area?.block('PHY')].filter(
      (one) => one !== undefined,
    ),
  ];
  if (used.some((one) => one.broken)) return undefined;
  if (hbm === undefined && host === undefined) {
    if (settings.removed.has('HBM')) reader.reporter.report(origin, valueMessages.noWayIn());
    return undefined;
  }
  return isPossible(npu, { vmem, cmem, hbm, quantizer }, [base, burst], settings, reader.reporter) ? npu : undefined;
}

/** Reports values that are valid alone but contradict each other. */
function isPossible(
  npu: Npu,
  blocks: Readonly<Record<'vmem' | 'quantizer', Settings>> & Readonly<Record<'cmem' | 'hbm', Settings | undefined>>,
  modes: readonly (Settings | undefined)[],
  settings: Settings,
  reporter: Reporter,
): boolean {
  const problems = [
    ...directionProblems(npu.vmem, blocks.vmem),
    ...(npu.cmem === null || blocks.cmem === undefined || npu.unified === true
      ? []
      : directionProblems(npu.cmem, blocks.cmem)),
    ...(blocks.hbm === undefined ? [] : directionProblems(npu.hbm, blocks.hbm)),
    ...modes.flatMap((mode) => modeProblems(mode)),
    ...tileProblems(npu, settings),
  ];
  for (const { origin, message } of problems) reporter.report(placeIn(settings, npu, origin), message);
  const { base, burst, quantizer } = npu;
  const isNested =
    quantizer.source !== 'nested' ||
    burst === null ||
    (bytesPerElement(weightFormat(base)) === 2 && bytesPerElement(weightFormat(burst)) === 1);
  if (!isNested) {
    const message = valueMessages.notNested({
      base: formatText(weightFormat(base)),
      burst: formatText(weightFormat(burst)),
    });
    reporter.report(placeIn(settings, npu, blocks.quantizer.origin('source')), message);
  }
  const arrays = npu.attention?.arrays ?? 0;
  const count = Math.max(...arraysOf(npu).map((array) => array.count));
  const fitsArrays = arrays <= count;
  if (!fitsArrays) {
    const origin = settings.block('attention')?.origin('arrays') ?? npu.origin;
    reporter.report(placeIn(settings, npu, origin), valueMessages.attentionArrays({ arrays, count }));
  }
  const hasArea = (npu.energy?.staticWattsPerSquareMetre ?? 0) === 0 || staticWatts(npu) !== null;
  if (!hasArea) {
    const origin = settings.block('energy')?.origin('static per area') ?? npu.origin;
    reporter.report(placeIn(settings, npu, origin), valueMessages.powerWithoutArea({ missing: areaGap(npu) }));
  }
  return isNested && fitsArrays && hasArea && problems.length === 0;
}

function emptyBlock(settings: Settings, key: string, reader: BlockReader): Settings {
  const schema = npuSchema.blocks.find((one) => one.keyword === key) ?? npuSchema;
  return reader.empty(schema, settings.scope, settings.head);
}

/** The default width: one element for each column of each array, because the port of the arrays delivers that much per cycle. */
function readQuantizer(settings: Settings, columns: number): Quantizer {
  const rate = settings.optionalNumber('rate') ?? columns;
  const penalty = settings.number('nested penalty');
  const lastFold = settings.number('last fold');
  return {
    source: settings.word('source'),
    elementsPerCycle: rate,
    ...(penalty === 0 ? {} : { nestedPenalty: penalty }),
    ...(lastFold === 0 ? {} : { lastFold }),
  };
}

/** Operations per cycle of the chip's clock. A vector unit with a faster clock does more of them. */
function vectorRate(settings: Settings, chipHertz: number): number {
  const rate = settings.number('rate');
  const own = settings.optionalNumber('clock');
  return own === undefined ? rate : (rate * own) / chipHertz;
}

/**
 * The off-chip memory. A chip without one reaches the host's memory over the link, and the capacity is that of the on-chip memories: half of VMEM
 * buffers tiles, so the other half and CMEM have room for weights and activations.
 */
function offChipMemory(
  hbm: Settings | undefined,
  {
    vmem,
    cmem,
    host,
  }: { readonly vmem: Settings; readonly cmem: Settings | undefined; readonly host: Settings | undefined },
  clockHertz: number,
): Pick<Npu, 'hbm' | 'offChip'> {
  if (hbm !== undefined) {
    return { hbm: readMemory(hbm, clockHertz), offChip: hbm.schema.keyword === 'DRAM' ? 'DRAM' : 'HBM' };
  }
  const capacityBytes = Math.round(vmem.number('capacity') / 2 + (cmem?.number('capacity') ?? 0));
  return { hbm: { capacityBytes, bandwidthBytesPerSecond: host?.number('bandwidth') ?? Number.NaN }, offChip: 'none' };
}

/** Without an off-chip memory, `offChipMemory` has the bandwidth of the link, and only its latency is added here. */
function hostLink(settings: Settings, clockHertz: number, hasOffChip: boolean): HostLink {
  const bandwidth = settings.number('bandwidth');
  return {
    bandwidthBytesPerSecond: hasOffChip ? bandwidth : Number.POSITIVE_INFINITY,
    latencySeconds: seconds(settings, 'latency', clockHertz),
  };
}

function chipLink(settings: Settings, clockHertz: number): ChipLink {
  return {
    bandwidthBytesPerSecond: settings.number('bandwidth'),
    latencySeconds: seconds(settings, 'latency', clockHertz),
  };
}

function attentionUnit(settings: Settings, count: number, clockHertz: number): AttentionUnit {
  const softmax = settings.optionalNumber('softmax');
  return {
    arrays: settings.optionalNumber('arrays') ?? count,
    queriesPerPass: settings.number('queries'),
    passSeconds: seconds(settings, 'per pass', clockHertz),
    launchSeconds: seconds(settings, 'launch', clockHertz),
    ...(softmax === undefined ? {} : { softmaxPerCycle: softmax }),
  };
}

/** A time. A number of cycles is converted with the clock of the chip. */
function seconds(settings: Settings, property: string, clockHertz: number): number {
  const value = settings.value(property);
  if (value?.kind !== 'quantity') return 0;
  return sameDimension(value.dimension, dimensions.cycles) ? value.value / clockHertz : value.value;
}

function energyTable(settings: Settings | undefined, isUnified: boolean): EnergyTable | null {
  if (settings === undefined) return null;
  const density = settings.number('static per area');
  const mac = settings.block('mac');
  const macJoules: Partial<Record<Precision, number>> = {};
  for (const precision of precisions) {
    const joules = mac?.optionalNumber(precision);
    if (joules !== undefined) macJoules[precision] = joules;
  }
  return {
    macJoules,
    vectorOperationJoules: settings.number('vector'),
    vmemJoulesPerByte: settings.number(isUnified && settings.has('buffer') ? 'buffer' : 'VMEM'),
    cmemJoulesPerByte: settings.number(isUnified && settings.has('buffer') ? 'buffer' : 'CMEM'),
    hbmJoulesPerByte: settings.number(settings.has('DRAM') ? 'DRAM' : 'HBM'),
    quantizeJoulesPerElement: settings.number('quantize'),
    staticWatts: settings.number('static'),
    ...(density === 0 ? {} : { staticWattsPerSquareMetre: density }),
  };
}

/** A figure that the file does not state is absent, and not zero: the total is then unknown. */
function areaTable(settings: Settings, isUnified: boolean): AreaTable {
  const mac: Partial<Record<Precision, number>> = {};
  for (const precision of precisions) {
    const area = settings.block('mac')?.optionalNumber(precision);
    if (area !== undefined) mac[precision] = area;
  }
  const vector = settings.optionalNumber('vector');
  const vmem = settings.optionalNumber(isUnified ? 'buffer' : 'VMEM');
  const cmem = settings.optionalNumber('CMEM');
  const quantizer = settings.optionalNumber('quantizer');
  const host = settings.optionalNumber('host');
  const phy = settings.block('PHY');
  return {
    mac,
    ...(vector === undefined ? {} : { vectorOperation: vector }),
    ...(vmem === undefined ? {} : { vmemPerByte: vmem }),
    ...(cmem === undefined ? {} : { cmemPerByte: cmem }),
    ...(quantizer === undefined ? {} : { quantizerElement: quantizer }),
    ...(host === undefined ? {} : { host }),
    ...(phy === undefined
      ? {}
      : { phy: { area: phy.number('area'), bandwidthBytesPerSecond: phy.optionalNumber('bandwidth') ?? null } }),
    other: settings.optionalNumber('other') ?? 0,
  };
}

/**
 * If the smallest tiles of one array (docs/hardware.md) do not fit, the cost model times layers as if they fitted, so this warning is needed.
 */
export function checkTileFits(npu: Npu, settings: Settings, reporter: Reporter): void {
  const { rows, columns } = smallestArray(npu);
  const { precision } = npu.base;
  const needed = smallestVmemBytes(npu);
  if (npu.vmem.capacityBytes >= needed) return;
  const message = valueMessages.smallVmem({
    memory: npu.unified === true ? 'buffer' : 'VMEM',
    capacity: formatBytes(npu.vmem.capacityBytes),
    rows,
    columns,
    precision,
    needed: formatBytes(needed),
  });
  const capacity = (settings.block('buffer') ?? settings.block('VMEM'))?.origin('capacity') ?? npu.origin;
  reporter.report(placeIn(settings, npu, capacity), message);
}

/** The place of a value of this chip. An inherited value is reported at the name of this chip. */
function placeIn({ statement }: Settings, npu: Npu, origin: Origin): Origin {
  const isOwn =
    statement !== undefined &&
    origin.uri === npu.origin.uri &&
    origin.start >= statement.start &&
    origin.end <= statement.end;
  return isOwn ? origin : npu.origin;
}
