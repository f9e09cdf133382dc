import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createNodeSources, emptyLibrary, findLibraryDirectory, openLibrary } from '../host/index.ts';
import { LoadingGate } from './loading-gate.ts';
import { startServer } from './server.ts';
import { SimulationHost } from './simulation-host.ts';
import { openStdioConnection } from './stdio-connection.ts';

declare const stimpackVersion: string;

/** Tests put a worker here that dies. */
const workerPath = process.env.STIMPACK_SIMULATION_WORKER ?? path.join(import.meta.dirname, 'simulation-worker.cjs');

/** Tests turn it off, as it is in pages without cross-origin isolation. */
const sharesMemory = typeof SharedArrayBuffer !== 'undefined' && process.env.STIMPACK_SHARED_MEMORY !== 'no';

const libraryDirectory = findLibraryDirectory(import.meta.filename);

/** By code; empty where there is none. */
const pages = new Map<string, string>();

/**
 * Pages about diagnostics are files that ship beside the library: a link to one opens in the editor without a network, and says
 * what this version says.
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

startServer(openStdioConnection(gate), {
  sources: createNodeSources(libraryDirectory === undefined ? emptyLibrary : openLibrary(libraryDirectory)),
  gate,
  simulation: new SimulationHost(workerPath, sharesMemory),
  now: () => performance.now() / 1000,
  version: stimpackVersion,
  diagnosticPage,
});
