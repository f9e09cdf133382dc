/*
 * Every value (not type) of the LSP library is imported through this module. Each module that imports from the library
 * itself copies all of its six hundred names once more, while the editor waits for the server to start.
 */
export type * from 'vscode-languageserver/node';
export {
  AbstractMessageReader,
  CodeActionKind,
  CodeActionTriggerKind,
  CompletionItemKind,
  createConnection,
  DiagnosticSeverity,
  DiagnosticTag,
  DidChangeWatchedFilesNotification,
  DocumentDiagnosticReportKind,
  DocumentHighlightKind,
  ErrorCodes,
  FoldingRangeKind,
  InlayHintKind,
  InsertTextFormat,
  LSPErrorCodes,
  MarkupKind,
  ProposedFeatures,
  ResponseError,
  SemanticTokensBuilder,
  StreamMessageReader,
  StreamMessageWriter,
  SymbolKind,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
