import type { Diagnostic as LspDiagnostic, PublishDiagnosticsParams } from 'vscode-languageserver/node';
import { sloDiagnostics } from '../engine/index.ts';
import { ownScenarios } from './document-facts.ts';
import type { DocumentRun } from './document-run.ts';
import { staleDiagnostic } from './stale.ts';
import { type FindPage, toLspDiagnostic } from './to-lsp.ts';
import type { Workspace } from './workspace.ts';

/** What diagnostics are made of, and where they go. */
export interface DiagnosticParts {
  readonly workspace: Workspace;
  readonly page: FindPage;
  readonly runOf: (uri: string) => DocumentRun | undefined;
  readonly send: (params: PublishDiagnosticsParams) => void;
}

/** Diagnostics of open documents: the language's, which an editor pulls, and the simulator's, which it is sent. */
export class Diagnostics {
  /** Whether the editor pulls; else it is sent the language's as well. */
  pulls = false;
  private readonly parts: DiagnosticParts;
  /** What each document was sent last, as text: the same once more is work for the editor and news for nobody. */
  private readonly sent = new Map<string, string>();

  constructor(parts: DiagnosticParts) {
    this.parts = parts;
  }

  /** Of an open document; none of any other. */
  ofLanguage(uri: string): LspDiagnostic[] {
    const { workspace, page } = this.parts;
    if (!workspace.isOpen(uri)) return [];
    const program = workspace.program(uri);
    return program.diagnostics
      .filter((diagnostic) => diagnostic.origin.uri === uri)
      .map((diagnostic) => toLspDiagnostic(diagnostic, (file) => workspace.lines(program, file), page, 'npu'));
  }

  /** Sends what cannot be pulled, where it is not what was sent last. */
  publish(uri: string): void {
    if (!this.parts.workspace.isOpen(uri)) return;
    const diagnostics = [...(this.pulls ? [] : this.ofLanguage(uri)), ...this.ofSimulation(uri)];
    const text = JSON.stringify(diagnostics);
    if (this.sent.get(uri) === text) return;
    this.sent.set(uri, text);
    this.parts.send({ uri, diagnostics });
  }

  /** Sends it though it be the same: editors ask for fixes anew where diagnostics are told anew. */
  repeat(uri: string): void {
    this.sent.delete(uri);
    this.publish(uri);
  }

  close(uri: string): void {
    this.sent.delete(uri);
    this.parts.send({ uri, diagnostics: [] });
  }

  private ofSimulation(uri: string): LspDiagnostic[] {
    const { workspace, page, runOf } = this.parts;
    const program = workspace.program(uri);
    const scenarios = ownScenarios(program);
    const found = (runOf(uri)?.findings(scenarios) ?? []).flatMap(({ result, isFresh }) => {
      const scenario = scenarios.find((candidate) => candidate.name === result.scenario);
      const diagnostics = scenario === undefined ? [] : sloDiagnostics(result, scenario);
      return isFresh ? diagnostics : diagnostics.map(staleDiagnostic);
    });
    return found
      .filter((diagnostic) => diagnostic.origin.uri === uri)
      .map((diagnostic) => toLspDiagnostic(diagnostic, (file) => workspace.lines(program, file), page, 'stimpack'));
  }
}
