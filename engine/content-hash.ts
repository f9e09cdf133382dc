import { Hasher, type Scenario } from '../design/index.ts';

/*
 * A content hash of plain data, which includes exactly the data that a run depends on. It ignores origins, so a new comment
 * or a moved block does not change the hash. For a typed array, it hashes the hash of the bytes.
 */

const ignoredKeys: ReadonlySet<string> = new Set(['origin', 'arrivalsOrigin', 'acceptOrigins']);

/** Hashes of recorded traces, which no one changes: a server hashes a scenario at each save, and a trace can have millions of rows. */
const hashesOfBytes = new WeakMap<ArrayBufferView, string>();

function bytesHash(view: ArrayBufferView): string {
  const known = hashesOfBytes.get(view);
  if (known !== undefined) return known;
  const hasher = new Hasher();
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  for (let i = 0; i < bytes.length; i++) hasher.byte(bytes[i] ?? 0);
  const digest = hasher.digest();
  hashesOfBytes.set(view, digest);
  return digest;
}

/** Hashes of parts that many designs share, which no one changes: a network has hundreds of layers. */
const hashesOfParts = new WeakMap<object, string>();

/**
 * A hash of everything that the run of a scenario depends on, without its variants. Equal designs have equal hashes. The designs of an exploration
 * share their networks, so each network is hashed once.
 */
export function designHash(scenario: Scenario): string {
  const serves = scenario.serves.map((serve) => ({ ...serve, model: partHash(serve.model) }));
  return contentHash({ ...scenario, serves, compare: [] });
}

function partHash(part: object): string {
  const known = hashesOfParts.get(part) ?? contentHash(part);
  hashesOfParts.set(part, known);
  return known;
}

function visit(hasher: Hasher, node: unknown): void {
  if (node === null || typeof node !== 'object') {
    hasher.text(`${typeof node}:${String(node)}`);
    return;
  }
  if (ArrayBuffer.isView(node)) {
    hasher.text(`bytes:${node.byteLength}:${bytesHash(node)}`);
    return;
  }
  if (Array.isArray(node)) {
    hasher.text(`[${node.length}`);
    for (const child of node) visit(hasher, child);
    return;
  }
  // The order of `sort` without a function is that of `<`.
  for (const key of Object.keys(node).sort()) {
    const child = (node as Readonly<Record<string, unknown>>)[key];
    if (ignoredKeys.has(key) || child === undefined) continue;
    hasher.text(key);
    visit(hasher, child);
  }
  hasher.text('}');
}

/** A hash with 16 hexadecimal digits. Designs with the same simulation have the same hash. */
export function contentHash(value: unknown): string {
  const hasher = new Hasher();
  visit(hasher, value);
  return hasher.digest();
}
