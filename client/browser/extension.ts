import * as vscode from 'vscode';
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
  type MessageTransports,
} from 'vscode-languageclient/browser';
import { browserSchemes } from '../../protocol/index.ts';
import { type StartedExtension, type StimpackApi, startExtension } from '../start-extension.ts';
import { answerFileRequests } from './client-files.ts';
import { registerLibraryPages } from './library-pages.ts';

/*
 * The extension in a browser (VS Code for the Web): the same extension, with the server in a web worker. The parts that need Node are not in its
 * manifest, which scripts/web-manifest.ts makes.
 */

let started: StartedExtension | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<StimpackApi> {
  const server = vscode.Uri.joinPath(context.extensionUri, 'dist', 'web', 'server.js').toString(true);
  started = startExtension(context, {
    createClient: (options) => {
      const client = new LanguageClient('stimpack', 'Stimpack', () => Promise.resolve(startServer(server)), options);
      context.subscriptions.push(...answerFileRequests(client, vscode.workspace.fs));
      return client;
    },
    schemes: browserSchemes,
    linksCodes: true,
    node: undefined,
  });
  context.subscriptions.push(registerLibraryPages(context));
  return started.api;
}

/** Not the worker itself: VS Code replaces the class, so the library would not recognize an instance of it. */
function startServer(script: string): MessageTransports {
  const worker = new Worker(script);
  return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
}

export async function deactivate(): Promise<void> {
  await started?.client.stop();
}
