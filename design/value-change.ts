/** A number as written, and the rest, which begins with its unit. Digits can be grouped: `1_000 rps`. */
const quantity = /^([\d._]+)(\s*[^\d._\s].*)$/u;

/**
 * A changed value as written: "614 -> 900 GB/s". A unit that both values have is written once. The history of the panel and `stimpack diff`
 * name changes with it.
 */
export function valueChangeText(before: string, after: string): string {
  const [, number, unit] = quantity.exec(before) ?? [];
  const [, , newUnit] = quantity.exec(after) ?? [];
  return `${number !== undefined && unit === newUnit ? number : before} -> ${after}`;
}
