import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { ExploredDesigns } from '../simulator/index.ts';

/** What a thread explores. It opens the file itself: designs are made where they are tried. */
export interface ExplorerInput {
  readonly uri: string;
  readonly exploration: string;
}

/** Designs that a thread is given at once: few, so that all threads end together. */
const perTurn = 2;

/** Tries designs on as many threads as there are cores. */
export async function exploreInThreads(
  workerPath: string,
  input: ExplorerInput,
  designs: readonly number[],
  onProgress: (tried: number) => void,
): Promise<readonly ExploredDesigns[]> {
  // Node 20 dies where a thread ends while V8 still compiles for it in the background (NodePlatform::ForIsolate).
  setFlagsFromString('--no-concurrent-recompilation');
  const parts: ExploredDesigns[] = [];
  let next = 0;
  let tried = 0;
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(workerPath, { workerData: input });
      const give = (): void => {
        const turn = designs.slice(next, next + perTurn);
        next += turn.length;
        if (turn.length > 0) {
          worker.postMessage(turn);
          return;
        }
        // Not after its end: a process in which only that is awaited may end before it, without a word.
        resolve();
        void worker.terminate();
      };
      worker.on('message', (part: ExploredDesigns) => {
        parts.push(part);
        tried += part.designs.length;
        onProgress(tried);
        give();
      });
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`a thread that explores ended early, with code ${code}`)));
      give();
    });
  const threads = Math.min(availableParallelism(), Math.ceil(designs.length / perTurn));
  await Promise.all(Array.from({ length: threads }, work));
  return parts;
}
