import { parentPort, workerData } from 'node:worker_threads';
import { loadProgram } from '../engine/index.ts';
import { createNodeSources, emptyLibrary, findLibraryDirectory, openLibrary } from '../host/index.ts';
import { ChipTables, exploreDesigns } from '../simulator/index.ts';
import type { ExplorerInput } from './explore-threads.ts';

/** A thread that tries the designs whose numbers it is sent, and answers each message with what it found. */
const port = parentPort;
if (port === null) throw new Error('the explorer runs as a worker thread only');

const { uri, exploration } = workerData as ExplorerInput;
const directory = findLibraryDirectory(import.meta.filename);
const sources = createNodeSources(directory === undefined ? emptyLibrary : openLibrary(directory));
const opening = loadProgram(uri, sources).then((program) => {
  const candidates = program.candidates(exploration);
  if (candidates === undefined) throw new Error(`${uri} has no exploration '${exploration}' any more`);
  return candidates;
});
const { keep } = new ChipTables();

// Messages that come while the file is read wait for it. A failure ends the thread with the error, which the main thread reports.
port.on('message', async (designs: readonly number[]) => {
  const candidates = await opening;
  const numbered = designs.map((design) => ({ design, candidate: candidates.design(design) }));
  port.postMessage(exploreDesigns(candidates.exploration.goals, numbered, { keep }));
});
