import path from 'node:path';
import * as vscode from 'vscode';
import {
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  TransportKind,
} from 'vscode-languageclient/node';
import { focusNotification, servedSchemes, serverEnvironment, serverNodeOptions } from '../protocol/index.ts';
import { registerCommands } from './commands.ts';
import { diagnosticPages, registerDiagnosticPages } from './diagnostic-pages.ts';
import { isNpu, languageId } from './npu-document.ts';
import { ObjectiveTests } from './objective-tests.ts';
import { Panels } from './panels.ts';
import { RunStore } from './run-store.ts';
import { StatusBar } from './status-bar.ts';
import { registerTasks } from './tasks.ts';

let client: LanguageClient | undefined;

function createClient(context: vscode.ExtensionContext): LanguageClient {
  const module = context.asAbsolutePath('dist/server.cjs');
  // What V8 compiled of the server stays for the next window: half of the time that a start would take.
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
    initializationOptions: {
      runOnOpen: settings.get<boolean>('runOnOpen', true),
      commands: contributedCommands(context),
    },
  };
  return new LanguageClient('stimpack', 'Stimpack', serverOptions, clientOptions);
}

/** The server offers, in lenses above scenarios, only what this extension has. */
function contributedCommands(context: vscode.ExtensionContext): readonly string[] {
  const manifest = context.extension.packageJSON as {
    readonly contributes: { readonly commands: readonly { readonly command: string }[] };
  };
  return manifest.contributes.commands.map(({ command }) => command);
}

/** The server looks at files that nothing watches when the person comes back to them. Without a server there is nothing to look at. */
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

/** What tests read of the extension from inside VS Code. */
export interface StimpackApi {
  readonly runs: RunStore;
  readonly tests: ObjectiveTests;
}

export async function activate(context: vscode.ExtensionContext): Promise<StimpackApi> {
  const started = createClient(context);
  client = started;
  const runs = new RunStore(started);
  const panels = new Panels(context.extensionUri, runs, context.workspaceState);
  const tests = new ObjectiveTests(runs);
  context.subscriptions.push(
    runs,
    panels,
    tests,
    new StatusBar(runs),
    registerTasks(context),
    registerDiagnosticPages(context),
    ...registerCommands(context, panels, runs),
    ...reportFocus(started),
  );
  // Activation does not wait for the server: the editor stays free while it comes up.
  void started.start().catch((error: unknown) => {
    void vscode.window.showErrorMessage(`Stimpack's language server did not start: ${String(error)}`);
  });
  return { runs, tests };
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}
