import type { Diagnostic as LspDiagnostic, PublishDiagnosticsParams } from 'vscode-languageserver/node';
import type { Diagnostic } from '../design/index.ts';
import { sloDiagnostics } from '../engine/index.ts';
import type { LineIndex, Program } from '../language/index.ts';
import { ownScenarios } from './document-facts.ts';
import type { DocumentRun } from './document-run.ts';
import { importDiagnostics } from './import-diagnostics.ts';
import { runDiagnostics } from './run-diagnostics.ts';
import { staleDiagnostic } from './stale.ts';
import { type FindPage, type ShownParts, toLspDiagnostic } from './to-lsp.ts';
import type { Workspace } from './workspace.ts';

/** The sources of diagnostics, and where they are sent. */
export interface DiagnosticParts {
  readonly workspace: Workspace;
  readonly page: FindPage;
  /** The parts of a diagnostic that the client shows. */
  readonly shown: () => ShownParts;
  readonly runOf: (uri: string) => DocumentRun | undefined;
  readonly send: (params: PublishDiagnosticsParams) => void;
}

/**
 * Diagnostics of open documents. An editor may request those of the language; those of the simulator are published.
 * Closed files that open documents import have their diagnostics published as well, because an error in one of them
 * rejects every document that imports it.
 */
export class Diagnostics {
  /** True if the editor requests the diagnostics of the language. Otherwise the server publishes them as well. */
  pulls = false;
  private readonly parts: DiagnosticParts;
  /** The last published diagnostics, as text. Publishing the same diagnostics again would cost the editor time. */
  private readonly sent = new Map<string, string>();
  /** Closed files whose diagnostics are published. */
  private closed: ReadonlySet<string> = new Set();

  constructor(parts: DiagnosticParts) {
    this.parts = parts;
  }

  /** The diagnostics of an open document; an empty list for any other URI. */
  ofLanguage(uri: string): LspDiagnostic[] {
    const { workspace } = this.parts;
    if (!workspace.isOpen(uri)) return [];
    const program = workspace.program(uri);
    const own = program.diagnostics.filter((diagnostic) => diagnostic.origin.uri === uri);
    return [...own, ...importDiagnostics(program)].map((diagnostic) => this.toLsp(diagnostic, program, 'npu'));
  }

  /** Publishes the diagnostics of an open document, and those of the closed files that open documents import. */
  publish(uri: string): void {
    if (!this.parts.workspace.isOpen(uri)) return;
    this.send(uri, [...(this.pulls ? [] : this.ofLanguage(uri)), ...this.ofSimulation(uri)]);
    this.publishClosed();
  }

  /** Publishes a document's diagnostics even if they are unchanged. Editors then request its fixes again. */
  repeat(uri: string): void {
    this.sent.delete(uri);
    this.publish(uri);
  }

  close(uri: string): void {
    this.sent.delete(uri);
    this.parts.send({ uri, diagnostics: [] });
    this.publishClosed();
  }

  private send(uri: string, diagnostics: LspDiagnostic[]): void {
    const text = JSON.stringify(diagnostics);
    if (this.sent.get(uri) === text) return;
    this.sent.set(uri, text);
    this.parts.send({ uri, diagnostics });
  }

  /** Publishes the diagnostics of each closed file, from the check of the first open document that reads it. */
  private publishClosed(): void {
    const { workspace } = this.parts;
    const found = new Map<string, LspDiagnostic[]>();
    for (const open of workspace.openUris()) {
      const program = workspace.program(open);
      const known = new Set(found.keys());
      for (const diagnostic of program.diagnostics) {
        const { uri } = diagnostic.origin;
        if (workspace.isOpen(uri) || workspace.isLibrary(uri) || known.has(uri) || !program.files.has(uri)) continue;
        const list = found.get(uri) ?? [];
        list.push(this.toLsp(diagnostic, program, 'npu'));
        found.set(uri, list);
      }
    }
    for (const [uri, diagnostics] of found) this.send(uri, diagnostics);
    for (const uri of this.closed) {
      if (found.has(uri) || workspace.isOpen(uri)) continue;
      this.sent.delete(uri);
      this.parts.send({ uri, diagnostics: [] });
    }
    this.closed = new Set(found.keys());
  }

  private toLsp(diagnostic: Diagnostic, program: Program, source: string): LspDiagnostic {
    const { workspace, page, shown } = this.parts;
    const lines = (file: string): LineIndex | undefined => workspace.lines(program, file);
    return toLspDiagnostic(diagnostic, lines, { findPage: page, parts: shown(), source });
  }

  private ofSimulation(uri: string): LspDiagnostic[] {
    const { workspace, runOf } = this.parts;
    const program = workspace.program(uri);
    const scenarios = ownScenarios(program);
    const found = (runOf(uri)?.findings(scenarios) ?? []).flatMap(({ result, isFresh }) => {
      const scenario = scenarios.find((candidate) => candidate.name === result.scenario);
      const diagnostics = scenario === undefined ? [] : sloDiagnostics(result, scenario);
      return isFresh ? diagnostics : diagnostics.map(staleDiagnostic);
    });
    return [...found, ...runDiagnostics(scenarios, runOf(uri))]
      .filter((diagnostic) => diagnostic.origin.uri === uri)
      .map((diagnostic) => this.toLsp(diagnostic, program, 'stimpack'));
  }
}
