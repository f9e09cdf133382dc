/*
 * URIs of files as text, because the language does not access the file system. The URI of one file has many spellings (`C:` and `c%3A`, `(` and
 * `%28`). Inside Stimpack every URI has its normal form, and equal text means equal file. The host handles links and letter case (`knownAs`).
 */

/**
 * The normal form of a URI. For a `file:` URI: scheme, host and drive letter in lower case, no `.` and `..`, and percent-encoding only for
 * characters that a path cannot contain (RFC 3986, `pchar`). For any other URI, only the scheme is converted to lower case.
 */
export function normalUri(uri: string): string {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):(.*)$/isu.exec(uri) ?? [];
  if (scheme === undefined || rest === undefined) return uri;
  if (scheme.toLowerCase() !== 'file') return `${scheme.toLowerCase()}:${rest}`;
  const [, authority = '', path = '', tail = ''] = /^(?:\/\/([^/?#]*))?([^?#]*)(.*)$/su.exec(rest) ?? [];
  // Some clients write `file://C:/x`.
  const isDrive = /^[a-z](?::|%3a)$/iu.test(authority);
  const host = isDrive || authority.toLowerCase() === 'localhost' ? '' : authority.toLowerCase();
  return `file://${host}${normalPath(isDrive ? `/${authority}${path}` : path)}${tail}`;
}

function normalPath(path: string): string {
  const isOnDrive = /^\/*[a-z](?::|%3a)(?:[/\\]|$)/iu.test(path);
  const segments = (isOnDrive ? path.replaceAll('\\', '/') : path).split('/').map(decodeSegment);
  if (segments[0] !== '') segments.unshift('');
  const drive = segments[1];
  if (drive !== undefined && /^[a-z]:$/iu.test(drive)) segments[1] = drive.toLowerCase();
  return withoutDots(segments).map(encodeSegment).join('/');
}

/** The first segment is empty: it is before the root slash. */
function withoutDots(segments: readonly string[]): readonly string[] {
  const resolved: string[] = [];
  for (const [i, segment] of segments.entries()) {
    const isLast = i === segments.length - 1;
    if (segment === '..') {
      if (resolved.length > 1) resolved.pop();
    } else if (segment !== '.') resolved.push(segment);
    // Keeps the slash at the end of a folder.
    if (isLast && (segment === '..' || segment === '.')) resolved.push('');
  }
  return resolved;
}

/** The URI of a name in a file: relative to the file, or absolute. */
export function resolveUri(base: string, path: string): string {
  if (/^[a-z]:[/\\]/iu.test(path))
    return normalUri(`file:///${path.replaceAll('\\', '/').split('/').map(encodeSegment).join('/')}`);
  if (/^[a-z][a-z0-9+.-]*:/iu.test(path)) return normalUri(path);
  const written = /^[a-z][a-z0-9+.-]*:(\/\/[^/]*)?/iu.exec(base)?.[0] ?? '';
  const rest = base.slice(written.length);
  // An unsaved document with a path imports relative to that path.
  const scheme = /^untitled:$/iu.test(written) && rest.startsWith('/') ? 'file://' : written;
  const encoded = path.split('/').map(encodeSegment);
  const from = path.startsWith('/') ? [''] : rest.split('/').slice(0, -1);
  const segments = [...from, ...(path.startsWith('/') ? encoded.slice(1) : encoded)];
  const resolved: string[] = [];
  for (const segment of segments) {
    if (segment === '..') {
      if (resolved.length > 1) resolved.pop();
    } else if (segment !== '.') resolved.push(segment);
  }
  return normalUri(scheme + resolved.join('/'));
}

/** The name of one file relative to another, the inverse of `resolveUri`. undefined if they have no common root. */
export function relativePath(base: string, target: string): string | undefined {
  const from = normalUri(base).split('/').slice(0, -1);
  const to = normalUri(target).split('/');
  let shared = 0;
  while (shared < from.length && shared < to.length - 1 && from[shared] === to[shared]) shared++;
  // Scheme and authority are the first three parts.
  if (shared < 3) return undefined;
  const up = from.slice(shared).map(() => '..');
  return [...up, ...to.slice(shared).map(decodeSegment)].join('/');
}

/** A part of a path as people read it. Keeps escapes that are not valid UTF-8. */
export function decodeSegment(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment.replace(/(?:%[0-9a-f]{2})+/giu, (escapes) => {
      try {
        return decodeURIComponent(escapes);
      } catch {
        return escapes;
      }
    });
  }
}

/** Encodes characters that a path cannot contain. Replaces an unpaired surrogate, which cannot be encoded. */
function encodeSegment(segment: string): string {
  // The usual segment, which needs no encoding.
  if (/^[\w.~-]*$/u.test(segment)) return segment;
  return encodeURIComponent(segment.replace(/\p{Surrogate}/gu, '\ufffd')).replace(
    /%(?:40|3A|24|26|2B|2C|3B|3D)/gu,
    decodeURIComponent,
  );
}
