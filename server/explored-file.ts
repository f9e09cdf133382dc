import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { decodeText, readPath, writeFileSafely } from '../host/index.ts';
import { type KeptText, mostKeptCharacters } from './kept-results.ts';

/** A character of the stored text has at most this many bytes. */
const mostBytesPerCharacter = 3;

/** The results of explorations in a folder of the client. A disk that is full or read-only only makes designs run again. */
export function exploredFile(folder: string): KeptText {
  const file = path.join(folder, 'explored.jsonl');
  return {
    read: async () => {
      const read = await readPath(file, mostBytesPerCharacter * mostKeptCharacters);
      return read.kind === 'read' ? decodeText(read.value) : '';
    },
    write: (text) => {
      try {
        if (text === '') rmSync(file, { force: true });
        else {
          mkdirSync(folder, { recursive: true });
          writeFileSafely(file, text);
        }
      } catch {
        return;
      }
    },
  };
}
