import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Shard } from '../design/index.ts';
import { resultsExtension } from '../formats/index.ts';

/** Bytes of an exploration's name in a file name. File systems allow 255 for the whole name, with its shard and suffixes. */
const mostNameBytes = 150;

/**
 * The path in `directory` for the rows of an exploration. A long name is cut and gets the start of the plan's hash, so that two explorations
 * do not get one file.
 */
export function resultPath(directory: string, name: string, hash: string, shard: Shard | null): string {
  const plain = name.replace(/[^\p{L}\p{N}_-]+/gu, '-');
  const cut = withinBytes(plain, mostNameBytes);
  const whole = cut === plain ? plain : `${cut}-${hash.slice(0, 8)}`;
  return join(directory, `${whole}${shard === null ? '' : `-${shardText(shard)}`}${resultsExtension}`);
}

/** The path for the results of a stopped exploration. It never replaces the results of an earlier, complete one. */
export function freePath(path: string, workingDirectory: string): string {
  if (!existsSync(resolve(workingDirectory, path))) return path;
  return `${path.slice(0, -resultsExtension.length)}-stopped${resultsExtension}`;
}

/** With leading zeros, so that a directory listing has the shards in order. */
function shardText({ index, count }: Shard): string {
  return `${String(index).padStart(String(count).length, '0')}-of-${count}`;
}

function withinBytes(text: string, most: number): string {
  let kept = '';
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > most) break;
    kept += character;
  }
  return kept;
}
