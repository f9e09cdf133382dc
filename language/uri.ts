/** The URI of what a file names: relative to the file, or absolute. Works on the text alone: the language touches no file system. */
export function resolveUri(base: string, path: string): string {
  if (/^[a-z][a-z0-9+.-]*:/iu.test(path)) return path;
  const scheme = /^[a-z][a-z0-9+.-]*:(\/\/[^/]*)?/iu.exec(base)?.[0] ?? '';
  const rest = base.slice(scheme.length);
  const encoded = path.split('/').map(encodeSegment);
  const from = path.startsWith('/') ? [''] : rest.split('/').slice(0, -1);
  const segments = [...from, ...(path.startsWith('/') ? encoded.slice(1) : encoded)];
  const resolved: string[] = [];
  for (const segment of segments) {
    if (segment === '..') {
      if (resolved.length > 1) resolved.pop();
    } else if (segment !== '.') resolved.push(segment);
  }
  return scheme + resolved.join('/');
}

/** How a file names another one: what `resolveUri` makes it of. undefined where they are not of one place. */
export function relativePath(base: string, target: string): string | undefined {
  const from = base.split('/').slice(0, -1);
  const to = target.split('/');
  let shared = 0;
  while (shared < from.length && shared < to.length - 1 && from[shared] === to[shared]) shared++;
  // Scheme and authority are the first three.
  if (shared < 3) return undefined;
  const up = from.slice(shared).map(() => '..');
  return [...up, ...to.slice(shared).map(decodeURIComponent)].join('/');
}

/** Characters that a URI's path may not hold bare. What cannot be encoded, half of a surrogate pair, is replaced. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment.replace(/\p{Surrogate}/gu, '\ufffd')).replace(
    /%(?:40|3A|24|2B|2C|3B|3D)/gu,
    decodeURIComponent,
  );
}
