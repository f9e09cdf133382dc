import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createNodeSources, emptyLibrary, findLibraryDirectory, openLibrary, openRevisionOf } from '../host/index.ts';
import { isServed } from '../protocol/index.ts';
import { exploredFile } from './explored-file.ts';
import { limitHeapGrowth } from './heap-growth.ts';
import { LoadingGate } from './loading-gate.ts';
import { filesBelow } from './node-files.ts';
import { nodeThreads } from './node-thread.ts';
import { startServer } from './server.ts';
import { SimulationHost } from './simulation-host.ts';
import { openStdioConnection } from './stdio-connection.ts';

declare const stimpackVersion: string;

/** Tests set a worker that dies. */
const workerPath = process.env.STIMPACK_SIMULATION_WORKER ?? path.join(import.meta.dirname, 'simulation-worker.cjs');

/** Tests disable it, as in a page without cross-origin isolation. */
const sharesMemory = typeof SharedArrayBuffer !== 'undefined' && process.env.STIMPACK_SHARED_MEMORY !== 'no';

const libraryDirectory = findLibraryDirectory(import.meta.filename);

/** By code; '' if there is no page. */
const pages = new Map<string, string>();

/**
 * The pages about diagnostics are files in the package. A link to one opens in the editor without a network, and the
 * page belongs to this version.
 */
function diagnosticPage(code: string): string | undefined {
  if (libraryDirectory === undefined) return undefined;
  const known = pages.get(code);
  if (known !== undefined) return known === '' ? undefined : known;
  const page = path.join(libraryDirectory, '..', 'docs', 'diagnostics', `${code}.md`);
  const found = existsSync(page) ? pathToFileURL(page).href : '';
  pages.set(code, found);
  return found === '' ? undefined : found;
}

const gate = new LoadingGate();
/** The folder for the compiled code (server/entry.ts), in the storage of the client. */
const storage = process.env.STIMPACK_COMPILED;
const bundle = statSync(import.meta.filename);

startServer(openStdioConnection(gate), {
  sources: createNodeSources(libraryDirectory === undefined ? emptyLibrary : openLibrary(libraryDirectory)),
  gate,
  serves: isServed,
  filesBelow,
  simulation: new SimulationHost(nodeThreads(workerPath), sharesMemory),
  now: () => performance.now() / 1000,
  version: stimpackVersion,
  build: `${stimpackVersion} ${bundle.size} ${bundle.mtimeMs}`,
  explored: storage === undefined || storage === '' ? undefined : exploredFile(storage),
  diagnosticPage,
  openRevision: openRevisionOf,
  sawLongText: limitHeapGrowth,
});
