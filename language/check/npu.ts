import {
  type EnergyTable,
  formatBytes,
  type Memory,
  type Npu,
  type OperatingMode,
  type Origin,
  type Precision,
  type RowIssue,
  smallestVmemBytes,
} from '../../design/index.ts';
import { valueMessages } from '../messages/index.ts';
import { npuSchema } from '../schema/index.ts';
import { dimensions, sameDimension } from '../units/index.ts';
import type { BlockReader } from './blocks.ts';
import type { Reporter } from './reporter.ts';
import type { Settings } from './settings.ts';

/** Makes the chip from its block and from the chip that it extends. undefined if something essential is missing or wrong. */
export function buildNpu(name: string, origin: Origin, settings: Settings, reader: BlockReader): Npu | undefined {
  const inner = (key: string): Settings => settings.block(key) ?? emptyBlock(settings, key, reader);
  const array = inner('array');
  const issue = array.block('issue');
  const vector = inner('vector');
  const quantizer = inner('quantizer');
  const clockHertz = settings.number('clock');
  const vmem = inner('VMEM');
  const hbm = inner('HBM');
  const cmem = settings.block('CMEM');
  const base = settings.block('mode base');
  const burst = settings.block('mode burst');
  const npu: Npu = {
    name,
    origin,
    clockHertz,
    array: {
      rows: array.number('rows'),
      columns: array.number('columns'),
      count: array.number('count'),
      dataflow: array.word('dataflow'),
      preload: array.word('preload'),
      convolution: array.word('convolution'),
      ...(issue === undefined ? {} : { issue: rowIssue(issue) }),
    },
    vectorUnit: { operationsPerCycle: vector.number('rate') },
    vmem: memory(vmem),
    cmem: cmem === undefined ? null : memory(cmem),
    hbm: memory(hbm),
    // Our assumption: a chip that states no base mode computes in bf16, the precision of the TPUs since the second.
    base: base === undefined ? { precision: 'bf16', packing: 'none' } : operatingMode(base),
    burst: burst === undefined ? null : operatingMode(burst),
    quantizer: { source: quantizer.word('source'), elementsPerCycle: quantizer.number('rate') },
    switchLatencySeconds: switchLatency(inner('switch'), clockHertz),
    residency: settings.word('residency'),
    energy: energyTable(settings.block('energy')),
  };
  const used = [
    settings,
    array,
    vector,
    quantizer,
    vmem,
    hbm,
    ...[issue, cmem, base, burst].filter((one) => one !== undefined),
  ];
  return used.some((one) => one.broken) ? undefined : npu;
}

function emptyBlock(settings: Settings, key: string, reader: BlockReader): Settings {
  const schema = npuSchema.blocks.find((one) => one.keyword === key) ?? npuSchema;
  return reader.empty(schema, settings.scope, settings.head);
}

function rowIssue(settings: Settings): RowIssue {
  return { blockRows: settings.number('rows'), minimumCycles: settings.number('cycles') };
}

function memory(settings: Settings): Memory {
  return {
    capacityBytes: Math.round(settings.number('capacity')),
    bandwidthBytesPerSecond: settings.number('bandwidth'),
  };
}

function operatingMode(settings: Settings): OperatingMode {
  return { precision: settings.word('precision'), packing: settings.word('packing') };
}

/** Converts a number of cycles into seconds with the clock of the chip. */
function switchLatency(settings: Settings, clockHertz: number): number {
  const value = settings.value('latency');
  if (value?.kind !== 'quantity') return 0;
  return sameDimension(value.dimension, dimensions.cycles) ? value.value / clockHertz : value.value;
}

const precisions: readonly Precision[] = ['fp32', 'bf16', 'fp16', 'int8'];

function energyTable(settings: Settings | undefined): EnergyTable | null {
  if (settings === undefined) return null;
  const mac = settings.block('mac');
  const macJoules: Partial<Record<Precision, number>> = {};
  for (const precision of precisions) {
    const joules = mac?.optionalNumber(precision);
    if (joules !== undefined) macJoules[precision] = joules;
  }
  return {
    macJoules,
    vectorOperationJoules: settings.number('vector'),
    vmemJoulesPerByte: settings.number('VMEM'),
    cmemJoulesPerByte: settings.number('CMEM'),
    hbmJoulesPerByte: settings.number('HBM'),
    quantizeJoulesPerElement: settings.number('quantize'),
    staticWatts: settings.number('static'),
  };
}

/**
 * Half of VMEM buffers tiles, two for each operand (docs/hardware.md). If even the weights of one array do not fit, the cost model times layers
 * as if they fitted, so this warning is needed. An inherited capacity is reported at the name of this chip.
 */
export function checkTileFits(npu: Npu, settings: Settings, reporter: Reporter): void {
  const { rows, columns } = npu.array;
  const { precision } = npu.base;
  const needed = smallestVmemBytes(npu);
  if (npu.vmem.capacityBytes >= needed) return;
  const capacity = settings.block('VMEM')?.origin('capacity');
  const { statement } = settings;
  const isOwn =
    statement !== undefined &&
    capacity?.uri === npu.origin.uri &&
    capacity.start >= statement.start &&
    capacity.end <= statement.end;
  const message = valueMessages.smallVmem({
    capacity: formatBytes(npu.vmem.capacityBytes),
    rows,
    columns,
    precision,
    tiles: formatBytes(needed / 2),
    needed: formatBytes(needed),
  });
  reporter.report(isOwn ? capacity : npu.origin, message);
}
