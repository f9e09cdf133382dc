/** A unit of the language and its size in SI units. */
type Unit = readonly [name: string, size: number];

const byteUnits: readonly Unit[] = [
  ['TiB', 2 ** 40],
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
  ['TB', 1e12],
  ['GB', 1e9],
  ['MB', 1e6],
  ['kB', 1e3],
];

const bandwidthUnits: readonly Unit[] = [
  ['TB/s', 1e12],
  ['GB/s', 1e9],
  ['MB/s', 1e6],
];

const frequencyUnits: readonly Unit[] = [
  ['GHz', 1e9],
  ['MHz', 1e6],
  ['kHz', 1e3],
];

/** The value in the largest unit in which the number is short and exactly equal to `value`, otherwise in the plain unit. */
function exact(value: number, units: readonly Unit[], plain: string): string {
  for (const [name, size] of units) {
    const number = value / size;
    // The language rounds a number with a unit to fifteen digits, so the comparison does the same.
    if (number >= 1 && String(number).length <= 9 && Number((number * size).toPrecision(15)) === value)
      return `${number} ${name}`;
  }
  return `${value} ${plain}`;
}

export const bytesText = (bytes: number): string => exact(bytes, byteUnits, 'B');
export const bandwidthText = (bytesPerSecond: number): string => exact(bytesPerSecond, bandwidthUnits, 'B/s');
export const frequencyText = (hertz: number): string => exact(hertz, frequencyUnits, 'Hz');
