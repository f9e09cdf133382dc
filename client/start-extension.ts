import * as vscode from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import { focusNotification } from '../protocol/index.ts';
import { registerCommands } from './commands.ts';
import { diagnosticPages, registerDiagnosticPages } from './diagnostic-pages.ts';
import { runChangesOnDisk } from './disk-changes.ts';
import { isNpu, languageId, setServedSchemes } from './npu-document.ts';
import { ObjectiveTests } from './objective-tests.ts';
import { Panels } from './panels.ts';
import type { Platform } from './platform.ts';
import { readOnlyLibrary } from './read-only-library.ts';
import { RunStore } from './run-store.ts';
import { Scrubbing } from './scrub.ts';
import { StatusBar } from './status-bar.ts';

/** The part of the extension that tests inside VS Code use. */
export interface StimpackApi {
  readonly runs: RunStore;
  readonly tests: ObjectiveTests;
}

export interface StartedExtension {
  readonly client: BaseLanguageClient;
  readonly api: StimpackApi;
}

/** Starts the extension in an extension host of any kind. */
export function startExtension(context: vscode.ExtensionContext, platform: Platform): StartedExtension {
  setServedSchemes(platform.schemes);
  const client = platform.createClient(clientOptions(context, platform));
  const runs = new RunStore(client);
  const scrubbing = new Scrubbing(runs);
  const panels = new Panels(context.extensionUri, runs, scrubbing, context.workspaceState, platform.node?.writeDisk);
  const tests = new ObjectiveTests(runs);
  context.subscriptions.push(
    runs,
    scrubbing,
    panels,
    tests,
    new StatusBar(runs),
    runChangesOnDisk(runs),
    readOnlyLibrary(context),
    registerDiagnosticPages(context),
    ...(platform.node?.register() ?? []),
    ...registerCommands(context, panels, runs, platform.node),
    ...reportFocus(client),
  );
  // Activation does not wait for the server, so the editor stays responsive during the start.
  void client.start().catch((error: unknown) => {
    void vscode.window.showErrorMessage(`Stimpack's language server did not start: ${String(error)}`);
  });
  return { client, api: { runs, tests } };
}

function clientOptions(context: vscode.ExtensionContext, { schemes, linksCodes }: Platform): LanguageClientOptions {
  const settings = vscode.workspace.getConfiguration('stimpack');
  return {
    // Documents of other schemes, such as the left side of a diff editor, get syntax colours only.
    documentSelector: schemes.map((scheme) => ({ language: languageId, scheme })),
    middleware: diagnosticPages(linksCodes),
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
}

/** The lenses above scenarios offer only commands of this extension. */
function contributedCommands(context: vscode.ExtensionContext): readonly string[] {
  const manifest = context.extension.packageJSON as {
    readonly contributes: { readonly commands: readonly { readonly command: string }[] };
  };
  return manifest.contributes.commands.map(({ command }) => command);
}

/** When the window gets the focus, the server checks files that no watcher covers. Does nothing if no server runs. */
function reportFocus(started: BaseLanguageClient): readonly vscode.Disposable[] {
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
