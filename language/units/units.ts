import { type Dimension, type DimensionName, dimensions, divideDimensions } from './dimension.ts';

/**
 * A unit: SI value = number * multiply / divide. There are two factors because 15 / 1000 is the double nearest to 0.015, while 15 * 0.001 may
 * not be.
 */
export interface Unit {
  readonly multiply: number;
  readonly divide: number;
  readonly dimension: Dimension;
}

interface UnitRow {
  /** The first spelling is the one that the formatter and completion use. */
  readonly names: readonly string[];
  readonly dimension: DimensionName;
  readonly multiply?: number;
  readonly divide?: number;
  readonly documentation: string;
}

/** All simple units. A slash joins any two of them: `GB/s`, `elements/cycle`, `pJ/B`. */
export const unitTable: readonly UnitRow[] = [
  { names: ['ps'], dimension: 'time', divide: 1e12, documentation: 'Picoseconds.' },
  { names: ['ns'], dimension: 'time', divide: 1e9, documentation: 'Nanoseconds.' },
  { names: ['us', 'µs', 'μs'], dimension: 'time', divide: 1e6, documentation: 'Microseconds.' },
  { names: ['ms'], dimension: 'time', divide: 1e3, documentation: 'Milliseconds.' },
  { names: ['s', 'sec', 'second', 'seconds'], dimension: 'time', documentation: 'Seconds.' },
  { names: ['min', 'minute', 'minutes'], dimension: 'time', multiply: 60, documentation: 'Minutes.' },
  { names: ['h', 'hour', 'hours'], dimension: 'time', multiply: 3600, documentation: 'Hours.' },
  { names: ['Hz'], dimension: 'frequency', documentation: 'Cycles of a clock per second.' },
  { names: ['kHz'], dimension: 'frequency', multiply: 1e3, documentation: 'A thousand hertz.' },
  { names: ['MHz'], dimension: 'frequency', multiply: 1e6, documentation: 'A million hertz.' },
  { names: ['GHz'], dimension: 'frequency', multiply: 1e9, documentation: 'A thousand million hertz.' },
  { names: ['B', 'byte', 'bytes'], dimension: 'bytes', documentation: 'Bytes.' },
  { names: ['kB', 'KB'], dimension: 'bytes', multiply: 1e3, documentation: '1000 bytes.' },
  { names: ['MB'], dimension: 'bytes', multiply: 1e6, documentation: '1000 kB.' },
  { names: ['GB'], dimension: 'bytes', multiply: 1e9, documentation: '1000 MB.' },
  { names: ['TB'], dimension: 'bytes', multiply: 1e12, documentation: '1000 GB.' },
  { names: ['KiB'], dimension: 'bytes', multiply: 2 ** 10, documentation: '1024 bytes.' },
  { names: ['MiB'], dimension: 'bytes', multiply: 2 ** 20, documentation: '1024 KiB.' },
  { names: ['GiB'], dimension: 'bytes', multiply: 2 ** 30, documentation: '1024 MiB.' },
  { names: ['TiB'], dimension: 'bytes', multiply: 2 ** 40, documentation: '1024 GiB.' },
  { names: ['rps', 'qps'], dimension: 'rate', documentation: 'Requests per second.' },
  { names: ['krps', 'kqps'], dimension: 'rate', multiply: 1e3, documentation: 'A thousand requests per second.' },
  { names: ['requests', 'request'], dimension: 'requests', documentation: 'Requests.' },
  { names: ['tokens', 'token'], dimension: 'tokens', documentation: 'Tokens of a language model.' },
  { names: ['%'], dimension: 'ratio', divide: 100, documentation: 'Hundredths.' },
  { names: ['x'], dimension: 'ratio', documentation: 'Times: 4 x is four times.' },
  { names: ['elements', 'element'], dimension: 'elements', documentation: 'Elements of a tensor.' },
  {
    names: ['operations', 'operation', 'ops', 'op'],
    dimension: 'operations',
    documentation: 'Elementary operations of the vector unit.',
  },
  { names: ['cycles', 'cycle', 'clk'], dimension: 'cycles', documentation: "Cycles of the chip's clock." },
  { names: ['pJ'], dimension: 'energy', divide: 1e12, documentation: 'Picojoules.' },
  { names: ['nJ'], dimension: 'energy', divide: 1e9, documentation: 'Nanojoules.' },
  { names: ['uJ', 'µJ', 'μJ'], dimension: 'energy', divide: 1e6, documentation: 'Microjoules.' },
  { names: ['mJ'], dimension: 'energy', divide: 1e3, documentation: 'Millijoules.' },
  { names: ['J'], dimension: 'energy', documentation: 'Joules.' },
  { names: ['mW'], dimension: 'power', divide: 1e3, documentation: 'Milliwatts.' },
  { names: ['W'], dimension: 'power', documentation: 'Watts.' },
  { names: ['kW'], dimension: 'power', multiply: 1e3, documentation: 'Kilowatts.' },
  { names: ['um2', 'µm2', 'μm2'], dimension: 'area', divide: 1e12, documentation: 'Square micrometres.' },
  { names: ['mm2'], dimension: 'area', divide: 1e6, documentation: 'Square millimetres.' },
];

const byName: ReadonlyMap<string, Unit> = new Map(
  unitTable.flatMap((row) =>
    row.names.map((name): [string, Unit] => [
      name,
      { multiply: row.multiply ?? 1, divide: row.divide ?? 1, dimension: dimensions[row.dimension] },
    ]),
  ),
);

/** All spellings of all simple units. */
export const unitNames: readonly string[] = [...byName.keys()];

/** Common joined units, which completion offers. */
export const joinedUnits: readonly { readonly name: string; readonly dimension: DimensionName }[] = [
  { name: 'GB/s', dimension: 'bandwidth' },
  { name: 'TB/s', dimension: 'bandwidth' },
  { name: 'GiB/s', dimension: 'bandwidth' },
  { name: 'B/cycle', dimension: 'bytesPerCycle' },
  { name: 'KiB/cycle', dimension: 'bytesPerCycle' },
  { name: 'elements/cycle', dimension: 'elementsPerCycle' },
  { name: 'operations/cycle', dimension: 'operationsPerCycle' },
  { name: 'pJ/B', dimension: 'energyPerByte' },
  { name: 'mm2/MiB', dimension: 'areaPerByte' },
  { name: 'W/mm2', dimension: 'powerPerArea' },
  { name: 'tokens/s', dimension: 'tokenRate' },
];

export function findUnit(text: string): Unit | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return byName.get(text);
  const over = byName.get(text.slice(0, slash));
  const under = byName.get(text.slice(slash + 1));
  if (over === undefined || under === undefined) return undefined;
  return {
    multiply: over.multiply * under.divide,
    divide: over.divide * under.multiply,
    dimension: divideDimensions(over.dimension, under.dimension),
  };
}

/** The SI value of a number with a unit, rounded to the fifteen digits that a double can represent: 1.0752 TB/s is exactly 1075200000000. */
export function toSi(number: number, unit: Unit): number {
  return Number(((number * unit.multiply) / unit.divide).toPrecision(15));
}
