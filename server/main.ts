import path from 'node:path';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { createNodeHost, emptyLibrary, findLibraryDirectory, openLibrary } from '../host/index.ts';
import { startServer } from './server.ts';
import { SimulationHost } from './simulation-host.ts';

declare const stimpackVersion: string;

/** Tests put a worker here that dies. */
const workerPath = process.env.STIMPACK_SIMULATION_WORKER ?? path.join(import.meta.dirname, 'simulation-worker.cjs');

const libraryDirectory = findLibraryDirectory(import.meta.filename);

startServer(createConnection(ProposedFeatures.all, process.stdin, process.stdout), {
  disk: createNodeHost(libraryDirectory === undefined ? emptyLibrary : openLibrary(libraryDirectory)),
  simulation: new SimulationHost(workerPath),
  now: () => performance.now() / 1000,
  version: stimpackVersion,
});
