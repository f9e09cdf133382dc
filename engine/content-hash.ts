import { Hasher } from '../design/index.ts';

/*
 * A content hash of plain data: what a run depends on, and nothing else. Origins are left out, so that a comment or a moved block does not
 * change the hash. Typed arrays are hashed by their bytes.
 */

const ignoredKeys: ReadonlySet<string> = new Set(['origin', 'arrivalsOrigin']);

function visit(hasher: Hasher, node: unknown): void {
  if (node === null || typeof node !== 'object') {
    hasher.text(`${typeof node}:${String(node)}`);
    return;
  }
  if (ArrayBuffer.isView(node)) {
    const bytes = new Uint8Array(node.buffer, node.byteOffset, node.byteLength);
    hasher.text(`bytes:${bytes.length}`);
    for (let i = 0; i < bytes.length; i++) hasher.byte(bytes[i] ?? 0);
    return;
  }
  if (Array.isArray(node)) {
    hasher.text(`[${node.length}`);
    for (const child of node) visit(hasher, child);
    return;
  }
  for (const [key, child] of Object.entries(node).sort(([x], [y]) => (x < y ? -1 : x > y ? 1 : 0))) {
    if (ignoredKeys.has(key) || child === undefined) continue;
    hasher.text(key);
    visit(hasher, child);
  }
  hasher.text('}');
}

/** Sixteen hexadecimal digits; equal for designs that simulate alike. */
export function contentHash(value: unknown): string {
  const hasher = new Hasher();
  visit(hasher, value);
  return hasher.digest();
}
