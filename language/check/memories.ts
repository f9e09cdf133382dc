import { formatQuantity, type Memory, type Message, type Origin } from '../../design/index.ts';
import { valueMessages } from '../messages/index.ts';
import type { Settings } from './settings.ts';

/** Reads a memory block. A memory that states both directions and no total has two separate ports: its bandwidth is their sum. */
export function readMemory(settings: Settings): Memory {
  const read = settings.optionalNumber('read');
  const write = settings.optionalNumber('write');
  const isSum = !settings.has('bandwidth') && read !== undefined && write !== undefined;
  const efficiency = settings.number('efficiency');
  const accessBytes = settings.number('access');
  return {
    capacityBytes: Math.round(settings.number('capacity')),
    bandwidthBytesPerSecond: isSum ? read + write : settings.number('bandwidth'),
    ...(read === undefined ? {} : { readBytesPerSecond: read }),
    ...(write === undefined ? {} : { writeBytesPerSecond: write }),
    ...(efficiency === 1 ? {} : { efficiency }),
    ...(accessBytes === 1 ? {} : { accessBytes }),
  };
}

/** Directions that are faster than the bandwidth that both directions share. */
export function directionProblems(
  memory: Memory,
  settings: Settings,
): readonly { readonly origin: Origin; readonly message: Message }[] {
  const shared = memory.bandwidthBytesPerSecond;
  return (['read', 'write'] as const).flatMap((name) => {
    const rate = name === 'read' ? memory.readBytesPerSecond : memory.writeBytesPerSecond;
    if (rate === undefined || rate <= shared) return [];
    const message = valueMessages.fasterThanShared({
      memory: settings.schema.keyword,
      name,
      value: formatQuantity(rate, 'B/s'),
      shared: formatQuantity(shared, 'B/s'),
    });
    return [{ origin: settings.origin(name), message }];
  });
}
