import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Queue, Truth, Truths } from './cells.ts';

/** The true values of a cell, from queueing theory or from truths.json. */
export function truthOf(queue: Queue, load: number): Truth {
  if (queue.truth.from === 'theory') return queue.truth.at(load);
  const found = known()[queue.name]?.[load];
  if (found === undefined) throw new Error(`no truth for ${queue.name} at ${load}: run bench/coverage/make-truths.ts`);
  return found;
}

let read: Truths | undefined;

function known(): Truths {
  read ??= JSON.parse(readFileSync(fileURLToPath(new URL('truths.json', import.meta.url)), 'utf8')) as Truths;
  return read;
}
