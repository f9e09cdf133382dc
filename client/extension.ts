import path from 'node:path';
import type * as vscode from 'vscode';
import { LanguageClient, type ServerOptions, TransportKind } from 'vscode-languageclient/node';
import { writeFileSafely } from '../host/index.ts';
import { servedSchemes, serverEnvironment, serverNodeOptions } from '../protocol/index.ts';
import { registerAgentServer } from './agent-server.ts';
import { compareRevision } from './compare-revision.ts';
import { exportReport } from './export-report.ts';
import { reproduce } from './reproduce.ts';
import { type StartedExtension, type StimpackApi, startExtension } from './start-extension.ts';
import { registerTasks, runCapacity } from './tasks.ts';

let started: StartedExtension | undefined;

/** The server as a process of Node. */
function serverOptions(context: vscode.ExtensionContext): ServerOptions {
  const module = context.asAbsolutePath('dist/server.cjs');
  // Stores the code of the server that V8 compiled for the next window, which halves the time of a start.
  const env = { ...serverEnvironment, STIMPACK_COMPILED: path.join(context.globalStorageUri.fsPath, 'compiled') };
  return {
    run: { module, transport: TransportKind.stdio, options: { execArgv: [...serverNodeOptions], env } },
    debug: {
      module,
      transport: TransportKind.stdio,
      options: { execArgv: [...serverNodeOptions, '--nolazy', '--inspect=6009'] },
    },
  };
}

export async function activate(context: vscode.ExtensionContext): Promise<StimpackApi> {
  started = startExtension(context, {
    createClient: (options) => new LanguageClient('stimpack', 'Stimpack', serverOptions(context), options),
    schemes: servedSchemes,
    linksCodes: false,
    node: {
      writeDisk: writeFileSafely,
      register: () => [registerTasks(context), registerAgentServer(context)],
      runCapacity: (document, scenario) => runCapacity(context, document, scenario),
      compareRevision: (document, runs, panels) => compareRevision(context, document, runs, panels),
      exportReport: (runs, uri, explored) => exportReport(context.extensionUri, runs, uri, explored),
      reproduce: (options) => reproduce(context, options),
    },
  });
  return started.api;
}

export async function deactivate(): Promise<void> {
  await started?.client.stop();
}
