import path from 'node:path';
import * as vscode from 'vscode';
import {
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  TransportKind,
} from 'vscode-languageclient/node';
import { focusNotification, servedSchemes, serverEnvironment, serverNodeOptions } from '../protocol/index.ts';
import { registerAgentServer } from './agent-server.ts';
import { registerCommands } from './commands.ts';
import { diagnosticPages, registerDiagnosticPages } from './diagnostic-pages.ts';
import { runChangesOnDisk } from './disk-changes.ts';
import { isNpu, languageId } from './npu-document.ts';
import { ObjectiveTests } from './objective-tests.ts';
import { Panels } from './panels.ts';
import { readOnlyLibrary } from './read-only-library.ts';
import { RunStore } from './run-store.ts';
import { Scrubbing } from './scrub.ts';
import { StatusBar } from './status-bar.ts';
import { registerTasks } from './tasks.ts';

let client: LanguageClient | undefined;

function createClient(context: vscode.ExtensionContext): LanguageClient {
  const module = context.asAbsolutePath('dist/server.cjs');
  // Stores the code of the server that V8 compiled for the next window, which halves the time of a start.
  const env = { ...serverEnvironment, STIMPACK_COMPILED: path.join(context.globalStorageUri.fsPath, 'compiled') };
  const serverOptions: ServerOptions = {
    run: { module, transport: TransportKind.stdio, options: { execArgv: [...serverNodeOptions], env } },
    debug: {
      module,
      transport: TransportKind.stdio,
      options: { execArgv: [...serverNodeOptions, '--nolazy', '--inspect=6009'] },
    },
  };
  const settings = vscode.workspace.getConfiguration('stimpack');
  const clientOptions: LanguageClientOptions = {
    // Documents of other schemes, such as the left side of a diff editor, get syntax colours only.
    documentSelector: servedSchemes.map((scheme) => ({ language: languageId, scheme })),
    middleware: diagnosticPages,
    // Sends the settings to the server after each change.
    synchronize: { configurationSection: 'stimpack' },
    initializationOptions: {
      run: settings.get<string>('run'),
      runOnOpen: settings.get<boolean>('runOnOpen'),
      inlayHints: settings.get<boolean>('inlayHints'),
      codeLenses: settings.get<boolean>('codeLenses'),
      workers: settings.get<number>('workers'),
      commands: contributedCommands(context),
      showsRuns: true,
      icons: true,
    },
  };
  return new LanguageClient('stimpack', 'Stimpack', serverOptions, clientOptions);
}

/** The lenses above scenarios offer only commands of this extension. */
function contributedCommands(context: vscode.ExtensionContext): readonly string[] {
  const manifest = context.extension.packageJSON as {
    readonly contributes: { readonly commands: readonly { readonly command: string }[] };
  };
  return manifest.contributes.commands.map(({ command }) => command);
}

/** When the window gets the focus, the server looks at files that no watcher covers. Does nothing if no server runs. */
function reportFocus(started: LanguageClient): readonly vscode.Disposable[] {
  const report = (): void => {
    if (started.isRunning()) started.sendNotification(focusNotification).catch(() => undefined);
  };
  return [
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) report();
    }),
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      if (editor !== undefined && isNpu(editor.document)) report();
    }),
  ];
}

/** The part of the extension that tests inside VS Code use. */
export interface StimpackApi {
  readonly runs: RunStore;
  readonly tests: ObjectiveTests;
}

export async function activate(context: vscode.ExtensionContext): Promise<StimpackApi> {
  const started = createClient(context);
  client = started;
  const runs = new RunStore(started);
  const scrubbing = new Scrubbing(runs);
  const panels = new Panels(context.extensionUri, runs, scrubbing, context.workspaceState);
  const tests = new ObjectiveTests(runs);
  context.subscriptions.push(
    runs,
    scrubbing,
    panels,
    tests,
    new StatusBar(runs),
    runChangesOnDisk(runs),
    readOnlyLibrary(context),
    registerTasks(context),
    registerAgentServer(context),
    registerDiagnosticPages(context),
    ...registerCommands(context, panels, runs),
    ...reportFocus(started),
  );
  // Activation does not wait for the server, so the editor stays responsive during the start.
  void started.start().catch((error: unknown) => {
    void vscode.window.showErrorMessage(`Stimpack's language server did not start: ${String(error)}`);
  });
  return { runs, tests };
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}
