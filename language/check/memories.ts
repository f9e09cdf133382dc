import { formatQuantity, type Memory, type Message, type Origin } from '../../design/index.ts';
import { valueMessages } from '../messages/index.ts';
import { dimensions, sameDimension } from '../units/index.ts';
import { isSetHere, type Settings } from './settings.ts';

/** A bandwidth in bytes per second. Bytes per cycle count cycles of the memory's own clock, if it states one, or of the chip's. */
function bytesPerSecond(settings: Settings, name: string, chipHertz: number): number | undefined {
  const value = settings.value(name);
  if (value?.kind !== 'quantity') return undefined;
  if (!sameDimension(value.dimension, dimensions.bytesPerCycle)) return value.value;
  return value.value * (settings.optionalNumber('clock') ?? chipHertz);
}

/** Reads a memory block. A memory that states both directions and no total has two separate ports: its bandwidth is their sum. */
export function readMemory(settings: Settings, chipHertz: number): Memory {
  const read = bytesPerSecond(settings, 'read', chipHertz);
  const write = bytesPerSecond(settings, 'write', chipHertz);
  const isSum = !settings.has('bandwidth') && read !== undefined && write !== undefined;
  const bandwidth = isSum ? read + write : bytesPerSecond(settings, 'bandwidth', chipHertz);
  if (bandwidth === undefined) settings.broken = true;
  const efficiency = settings.number('efficiency');
  const accessBytes = settings.number('access');
  return {
    capacityBytes: Math.round(settings.number('capacity')),
    bandwidthBytesPerSecond: bandwidth ?? Number.NaN,
    ...(read === undefined ? {} : { readBytesPerSecond: read }),
    ...(write === undefined ? {} : { writeBytesPerSecond: write }),
    ...(efficiency === 1 ? {} : { efficiency }),
    ...(accessBytes === 1 ? {} : { accessBytes }),
  };
}

/**
 * Directions that are faster than the bandwidth that both directions share. An inherited direction is not reported: a chip that lowers the
 * bandwidth of its parent lowers both directions (see `memoryRates`).
 */
export function directionProblems(
  memory: Memory,
  settings: Settings,
): readonly { readonly origin: Origin; readonly message: Message }[] {
  const shared = memory.bandwidthBytesPerSecond;
  return (['read', 'write'] as const).flatMap((name) => {
    const rate = name === 'read' ? memory.readBytesPerSecond : memory.writeBytesPerSecond;
    if (rate === undefined || rate <= shared || !isSetHere(settings, settings.origin(name))) return [];
    const message = valueMessages.fasterThanShared({
      memory: settings.schema.keyword,
      name,
      value: formatQuantity(rate, 'B/s'),
      shared: formatQuantity(shared, 'B/s'),
    });
    return [{ origin: settings.origin(name), message }];
  });
}
