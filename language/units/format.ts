import { type Dimension, describeDimension, dimensions, sameDimension } from './dimension.ts';

type Step = readonly [scale: number, unit: string];

const times: readonly Step[] = [
  [1, 's'],
  [1e-3, 'ms'],
  [1e-6, 'us'],
  [1e-9, 'ns'],
];
const decimal = (unit: string): readonly Step[] => [
  [1e12, `T${unit}`],
  [1e9, `G${unit}`],
  [1e6, `M${unit}`],
  [1e3, `k${unit}`],
  [1, unit],
];

/** A quantity in SI as a person would write it, with six significant digits: 0.015 s is "15 ms". */
export function formatQuantity(value: number, dimension: Dimension): string {
  const is = (name: keyof typeof dimensions): boolean => sameDimension(dimension, dimensions[name]);
  if (is('number')) return digits(value);
  if (is('time')) return scaled(value, times);
  if (is('frequency')) return scaled(value, decimal('Hz'));
  if (is('bytes')) return formatBytes(value);
  if (is('bandwidth')) return scaled(value, decimal('B/s'));
  if (is('bytesPerCycle')) return `${digits(value)} B/cycle`;
  if (is('rate')) return `${digits(value)} rps`;
  if (is('requests')) return `${digits(value)} requests`;
  if (is('elements')) return `${digits(value)} elements`;
  if (is('elementsPerCycle')) return `${digits(value)} elements/cycle`;
  if (is('operations')) return `${digits(value)} operations`;
  if (is('operationsPerCycle')) return `${digits(value)} operations/cycle`;
  if (is('cycles')) return `${digits(value)} cycles`;
  if (is('energy')) return `${digits(value * 1e12)} pJ`;
  if (is('energyPerByte')) return `${digits(value * 1e12)} pJ/B`;
  if (is('power')) return `${digits(value)} W`;
  if (is('area')) return value < 1e-8 ? `${digits(value * 1e12)} um2` : `${digits(value * 1e6)} mm2`;
  if (is('areaPerByte')) return `${digits(value * 1e6 * 2 ** 20)} mm2/MiB`;
  if (is('powerPerArea')) return `${digits(value / 1e6)} W/mm2`;
  if (is('tokens')) return `${digits(value)} tokens`;
  if (is('tokenRate')) return `${digits(value)} tokens/s`;
  return `${digits(value)} (${describeDimension(dimension)})`;
}

/** A fraction of 1 as a percentage. */
export function formatPercent(fraction: number): string {
  return `${digits(fraction * 100)} %`;
}

/** Uses binary units if they give a round number, otherwise decimal units: 134217728 is "128 MiB", 8e9 is "8 GB". */
function formatBytes(value: number): string {
  for (const [scale, unit] of [
    [2 ** 30, 'GiB'],
    [2 ** 20, 'MiB'],
    [2 ** 10, 'KiB'],
  ] as const) {
    if (value >= scale && Number.isInteger(value / scale)) return `${value / scale} ${unit}`;
  }
  return scaled(value, decimal('B'));
}

function scaled(value: number, steps: readonly Step[]): string {
  const size = Math.abs(value);
  const step = steps.find(([scale]) => size >= scale) ?? steps.at(-1) ?? [1, ''];
  const [scale, unit] = size === 0 ? (steps.find(([one]) => one === 1) ?? step) : step;
  return `${digits(value / scale)} ${unit}`;
}

function digits(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : value > 0 ? 'unlimited' : String(value);
}
