/**
 * The text of a scalar in a YAML file by its path of keys, or undefined. Reads what profiles contain: mappings in block form
 * by indentation, keys with or without quotes, comments, and a mapping in braces at the end of a path.
 */
export function yamlScalar(text: string, path: readonly string[]): string | undefined {
  const open: { readonly indent: number; readonly key: string }[] = [];
  for (const line of text.split(/\r\n|\n/)) {
    const found = /^(\s*)(?:'([^']+)'|"([^"]+)"|([^\s'"#:][^:#]*?))\s*:(?:\s+(.*))?$/u.exec(line);
    if (found === null) continue;
    const [, space = '', single, double, plain, rest = ''] = found;
    while ((open.at(-1)?.indent ?? -1) >= space.length) open.pop();
    open.push({ indent: space.length, key: single ?? double ?? plain ?? '' });
    const value = rest.replace(/\s+#.*$/u, '').trim();
    if (value === '' || !open.every(({ key }, n) => key === path[n])) continue;
    if (open.length === path.length) return value.replace(/^(['"])(.*)\1$/u, '$2');
    if (value.startsWith('{')) return inBraces(value, path.slice(open.length));
  }
  return undefined;
}

/** Each key of the rest of the path must follow the one before it. */
function inBraces(text: string, path: readonly string[]): string | undefined {
  let rest = text;
  for (const key of path) {
    const found = new RegExp(`['"]?${key.replace(/[^\w]/gu, '\\$&')}['"]?\\s*:\\s*(.*)`, 'u').exec(rest);
    if (found === null) return undefined;
    rest = found[1] ?? '';
  }
  return /^([^\s,{}]+)/u.exec(rest)?.[1];
}
