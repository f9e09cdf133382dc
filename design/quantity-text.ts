/**
 * SI quantities as text: three significant digits, a prefix that keeps the number between 1 and 1000, and one space before the unit. A value
 * that was not measured (NaN) is a dash without a unit. All parts of the product show numbers in this form.
 */

const prefixes: readonly (readonly [factor: number, prefix: string])[] = [
  [1e15, 'P'],
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
  [1, ''],
  [1e-3, 'm'],
  [1e-6, 'µ'],
  [1e-9, 'n'],
  [1e-12, 'p'],
];

/** Three significant digits without trailing zeros. Thousands are shown completely and grouped. */
export function formatNumber(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '–' : value > 0 ? '∞' : '-∞';
  if (value === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  const decimals = Math.max(0, digits - 1 - magnitude);
  const fixed = value.toFixed(Math.min(decimals, 12));
  const [whole = '', fraction = ''] = fixed.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  const trimmed = fraction.replace(/0+$/, '');
  return trimmed === '' ? grouped : `${grouped}.${trimmed}`;
}

/** A value with a prefixed unit: 0.0152 s is "15.2 ms". */
export function formatQuantity(value: number, unit: string, digits = 3): string {
  if (Number.isNaN(value)) return formatNumber(value);
  if (!Number.isFinite(value) || value === 0) return `${formatNumber(value)} ${unit}`;
  const size = Math.abs(Number(value.toPrecision(digits)));
  const [factor, prefix] = prefixes.find(([candidate]) => size >= candidate) ?? [1e-12, 'p'];
  return `${formatNumber(value / factor, digits)} ${prefix}${unit}`;
}

/** Seconds: from one second without a prefix ("1,250 s"), below with a prefix ("15.2 ms"). */
export function formatSeconds(seconds: number, digits = 3): string {
  return Math.abs(seconds) >= 1 ? `${formatNumber(seconds, digits)} s` : formatQuantity(seconds, 's', digits);
}

/** Requests per second, shown completely and grouped: "9,000 rps". */
export function formatRate(perSecond: number, digits = 3): string {
  return Number.isNaN(perSecond) ? formatNumber(perSecond) : `${formatNumber(perSecond, digits)} rps`;
}

/** Binary prefixes, the usual ones for on-chip memories: "128 MiB". */
export function formatBytes(bytes: number, digits = 3): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${formatNumber(value, digits)} ${units[unit] ?? 'B'}`;
}

/** A fraction of 1 as a percentage: "76.3 %". */
export function formatPercent(fraction: number, digits = 3): string {
  return Number.isNaN(fraction) ? formatNumber(fraction) : `${formatNumber(fraction * 100, digits)} %`;
}
