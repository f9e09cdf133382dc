/**
 * The smallest usual memory size of at least this number of bytes, as .npu text: 1, 1.5, 2, 3, 4, 6, 8, 12, ... of a
 * unit.
 */
export function memorySize(bytes: number): string {
  const [unit, name] = units.find(([factor]) => bytes <= factor * 768) ?? units[units.length - 1] ?? [1, 'B'];
  let size = 1;
  while (size * unit < bytes) size = Number.isInteger(Math.log2(size)) ? size * 1.5 : (size * 4) / 3;
  return `${size} ${name}`;
}

const units: readonly (readonly [number, string])[] = [
  [1e6, 'MB'],
  [1e9, 'GB'],
  [1e12, 'TB'],
];
