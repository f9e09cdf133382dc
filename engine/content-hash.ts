/**
 * A content hash of plain data: what a run depends on, and nothing else. Origins are left out, so that a comment or a moved
 * block keeps its hash; typed arrays count with their bytes. 64 bits from two multiply-xor lanes, finished as murmur3 does (after cyrb53,
 * bryc, public domain): a cache key among thousands of designs, not a signature.
 */

const ignoredKeys: ReadonlySet<string> = new Set(['origin', 'arrivalsOrigin']);

class Hasher {
  private a = 0xdeadbeef;
  private b = 0x41c6ce57;

  byte(value: number): void {
    this.a = Math.imul(this.a ^ value, 2654435761);
    this.b = Math.imul(this.b ^ value, 1597334677);
  }

  text(value: string): void {
    for (let i = 0; i < value.length; i++) this.byte(value.charCodeAt(i));
    // Closes the string: "ab","c" must not meet "a","bc".
    this.byte(0x10000);
  }

  digest(): string {
    let a = Math.imul(this.a ^ (this.a >>> 16), 2246822507) ^ Math.imul(this.b ^ (this.b >>> 13), 3266489909);
    let b = Math.imul(this.b ^ (this.b >>> 16), 2246822507) ^ Math.imul(this.a ^ (this.a >>> 13), 3266489909);
    a >>>= 0;
    b >>>= 0;
    return a.toString(16).padStart(8, '0') + b.toString(16).padStart(8, '0');
  }
}

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
