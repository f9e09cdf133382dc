/** Formats Markdown and numbers for the page. */

/** The first column has words. The other columns have numbers unless stated otherwise. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: 'numbers' | 'words' = 'numbers',
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(head),
    line(head.map((_, index) => (index === 0 || columns === 'words' ? '---' : '---:'))),
    ...rows.map(line),
  ].join('\n');
}

export const nothing = '–';

/** Rounds to three digits. */
export function three(value: number): string {
  return value === 0 ? '0' : String(Number(value.toPrecision(3)));
}

export function milliseconds(seconds: number): string {
  return three(seconds * 1000);
}

export function factor(value: number | null): string {
  return value === null ? nothing : value.toFixed(2);
}

/** A factor as a gain: +48.4 %. */
export function gain(value: number | null): string {
  if (value === null) return nothing;
  const per = (value - 1) * 100;
  return `${per < 0 ? '−' : '+'}${Math.abs(per).toFixed(1)} %`;
}

export function percent(fraction: number | null, digits = 1): string {
  return fraction === null ? nothing : `${(fraction * 100).toFixed(digits)} %`;
}

export function rps(value: number): string {
  return value >= 1000 ? String(Math.round(value)) : three(value);
}

/** For example "a", "a and b" or "a, b and c". */
export function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
