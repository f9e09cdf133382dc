import { texts as libraryTexts } from 'library-texts';
import { SourceStore } from '../../engine/index.ts';
import { clientFilesBelowRequest, isServedInBrowser } from '../../protocol/index.ts';
import { LoadingGate } from '../loading-gate.ts';
import { startServer } from '../server.ts';
import { SimulationHost } from '../simulation-host.ts';
import { openWorkerConnection } from './connection.ts';
import { startSimulation } from './simulation.ts';
import { bundledLibrary, clientReader, namesOf } from './sources.ts';
import { simulationName, webThreads } from './web-threads.ts';

declare const stimpackVersion: string;

/*
 * The server in a web worker: the same server, with files of the client, the library in the bundle, and web workers for the runs. The name of the
 * worker states whether it is the server or one of its simulations. An editor that starts the server from a blob puts the address of the bundle
 * behind `#`.
 */
if (self.name === simulationName) startSimulation();
else startLanguageServer();

function startLanguageServer(): void {
  const gate = new LoadingGate();
  const connection = openWorkerConnection(gate);
  const ask = (method: string, params: unknown): Promise<unknown> => connection.sendRequest(method, params);
  const address = decodeURIComponent(self.location.hash.slice(1));
  startServer(connection, {
    sources: new SourceStore(clientReader(ask, libraryTexts), bundledLibrary(libraryTexts)),
    gate,
    serves: isServedInBrowser,
    filesBelow: async (folder) => namesOf(await ask(clientFilesBelowRequest, { uri: folder })),
    simulation: new SimulationHost(webThreads(address === '' ? self.location.href : address)),
    now: () => performance.now() / 1000,
    version: stimpackVersion,
    diagnosticPage: () => undefined,
  });
}
