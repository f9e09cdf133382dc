import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Whether a name contains a character that has a meaning in a pattern. */
export function isPattern(name: string): boolean {
  return /[*?[{]/u.test(name);
}

/** Folders that a search leaves out, because they contain the output of other programs. A pattern can still name them. */
const skippedFolders: ReadonlySet<string> = new Set(['node_modules']);

const isSkipped = (folder: string): boolean => folder.startsWith('.') || skippedFolders.has(folder);

/** A search stops here, so that a pattern in the wrong folder (such as `/`) ends. Our assumption: no project has more files. */
const mostFiles = 100_000;

/**
 * The files that a pattern names, sorted, relative to `directory` as the pattern is. `*` and `?` match within one name, `**` matches any
 * number of folders, `{a,b}` matches either text, and `[a-z]` matches one character. Without a match, the result is empty.
 */
export async function filesOfPattern(pattern: string, directory: string): Promise<readonly string[]> {
  const normal = pattern.replaceAll('\\', '/').replace(/^(?:\.\/)+/u, '');
  const parts = normal.split('/');
  const firstPattern = parts.findIndex(isPattern);
  const base = parts.slice(0, firstPattern < 0 ? parts.length - 1 : firstPattern).join('/');
  const start = base === '' && normal.startsWith('/') ? '/' : base;
  const matches = patternExpression(normal);
  const depth = normal.includes('**') ? Number.POSITIVE_INFINITY : parts.length - start.split('/').length;
  const named = new Set(parts.flatMap((part) => (isPattern(part) ? [] : [part])));
  const found = await filesBelow(start, directory, depth + 1, (folder) => isSkipped(folder) && !named.has(folder));
  return found.filter((file) => matches.test(file)).sort();
}

/** The .npu files in a folder and below, sorted, with the name of the folder before them. */
export async function npuFilesBelow(folder: string, directory: string): Promise<readonly string[]> {
  const start = folder.replace(/(?<=.)[/\\]+$/u, '');
  const found = await filesBelow(start, directory, Number.POSITIVE_INFINITY, isSkipped);
  return found.filter((file) => file.endsWith('.npu')).sort();
}

async function filesBelow(
  start: string,
  directory: string,
  depth: number,
  isLeftOut: (folder: string) => boolean,
): Promise<readonly string[]> {
  const files: string[] = [];
  const open = [{ folder: start, left: depth }];
  for (let next = open.pop(); next !== undefined && files.length < mostFiles; next = open.pop()) {
    const { folder, left } = next;
    const entries = await readdir(resolve(directory, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const name = folder === '' ? entry.name : join(folder, entry.name).replaceAll('\\', '/');
      // A link to a folder is not followed, because it can lead in a circle. A link to a file can name a design.
      if (entry.isFile() || entry.isSymbolicLink()) files.push(name);
      else if (entry.isDirectory() && left > 1 && !isLeftOut(entry.name)) open.push({ folder: name, left: left - 1 });
    }
  }
  return files;
}

/** A regular expression for whole names. */
export function patternExpression(pattern: string): RegExp {
  let source = '';
  let braces = 0;
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i] ?? '';
    if (pattern.startsWith('**/', i)) {
      source += '(?:[^/]+/)*';
      i += 2;
    } else if (pattern.startsWith('**', i)) {
      source += '.*';
      i += 1;
    } else if (character === '*') source += '[^/]*';
    else if (character === '?') source += '[^/]';
    else if (character === '{' && pattern.includes('}', i)) {
      braces += 1;
      source += '(?:';
    } else if (character === '}' && braces > 0) {
      braces -= 1;
      source += ')';
    } else if (character === ',' && braces > 0) source += '|';
    else if (character === '[' && pattern.includes(']', i + 2)) {
      const end = pattern.indexOf(']', i + 2);
      const set = pattern.slice(i + 1, end).replace(/[\\\]^]/gu, '\\$&');
      source += set.startsWith('!') ? `[^/${set.slice(1)}]` : `[${set}]`;
      i = end;
    } else source += character.replace(/[\\^$.|+()[\]{}*?]/gu, '\\$&');
  }
  return new RegExp(`^${source}${')'.repeat(braces)}$`, 'u');
}
