import { parentPort, workerData } from 'node:worker_threads';
import { openProgram } from '../engine/index.ts';
import { createNodeHost, emptyLibrary, findLibraryDirectory, openLibrary } from '../host/index.ts';
import { ChipTables, exploreDesigns } from '../simulator/index.ts';
import type { ExplorerInput } from './explore-threads.ts';

/** A thread that tries the designs whose numbers it is sent, and answers each message with what it found. */
const port = parentPort;
if (port === null) throw new Error('the explorer runs as a worker thread only');

const { uri, exploration } = workerData as ExplorerInput;
const directory = findLibraryDirectory(import.meta.filename);
const program = openProgram(uri, createNodeHost(directory === undefined ? emptyLibrary : openLibrary(directory)));
const candidates = program.candidates(exploration);
if (candidates === undefined) throw new Error(`${uri} has no exploration '${exploration}' any more`);
const { keep } = new ChipTables();

port.on('message', (designs: readonly number[]) => {
  const numbered = designs.map((design) => ({ design, candidate: candidates.design(design) }));
  port.postMessage(exploreDesigns(candidates.exploration.goals, numbered, { keep }));
});
