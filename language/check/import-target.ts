import type { SyntaxTree } from '../syntax/index.ts';
import { resolveUri } from '../uri.ts';

/**
 * The URI that an import statement means; undefined for an unknown name of the library. Library names have no prefix. Files start with a dot or a
 * slash, or are complete URIs.
 */
export function importTarget(
  name: string,
  from: string,
  libraryUri: (name: string) => string | undefined,
): string | undefined {
  if (/^(?:\.{0,2}\/|[a-z]:[\\/]|[a-z][a-z0-9+.-]+:)/iu.test(name)) return resolveUri(from, name);
  return libraryUri(name);
}

/** Whether a URI names a `.npu` file. Only these are imported, so that no message can quote the content of another kind of file. */
export function isNpu(uri: string): boolean {
  return /\.npu$/iu.test(uri);
}

/** The URIs of the `.npu` files that a file imports directly. `from`: the name by which it was found. */
export function importTargets(
  { root }: SyntaxTree,
  from: string,
  libraryUri: (name: string) => string | undefined,
): ReadonlySet<string> {
  const targets = new Set<string>();
  for (const item of root.items) {
    if (item.kind !== 'import' || item.path === undefined) continue;
    const target = importTarget(item.path.value, from, libraryUri);
    if (target !== undefined && isNpu(target)) targets.add(target);
  }
  return targets;
}
