/**
 * The form of a message's parameters, as far as the server reads them. A field whose name ends with `?` can be absent or null.
 * `[shape]` is a list. Other fields are not checked.
 */
type Shape = 'text' | 'integer' | 'list' | readonly [Shape] | { readonly [field: string]: Shape };

const position = { line: 'integer', character: 'integer' } as const;
const range = { start: position, end: position } as const;
const textDocument = { uri: 'text' } as const;
const document = { textDocument } as const;
const place = { textDocument, position } as const;
const files = { files: [{ uri: 'text' }] } as const;
const moves = { files: [{ oldUri: 'text', newUri: 'text' }] } as const;

/**
 * What each message has to contain. The LSP library does not check it, and a missing field would become an exception in the
 * middle of an answer. A method without a row is not checked.
 */
const shapes: Readonly<Record<string, Shape>> = {
  'textDocument/didOpen': { textDocument: { uri: 'text', text: 'text' } },
  'textDocument/didChange': { textDocument, contentChanges: [{ text: 'text', 'range?': range }] },
  'textDocument/didClose': document,
  'textDocument/didSave': document,
  'textDocument/willSave': document,
  'textDocument/diagnostic': document,
  'textDocument/hover': place,
  'textDocument/completion': place,
  'textDocument/signatureHelp': place,
  'textDocument/definition': place,
  'textDocument/references': { ...place, context: {} },
  'textDocument/documentHighlight': place,
  'textDocument/prepareRename': place,
  'textDocument/rename': { ...place, newName: 'text' },
  'textDocument/onTypeFormatting': { ...place, ch: 'text', options: {} },
  'textDocument/formatting': { textDocument, options: {} },
  'textDocument/rangeFormatting': { textDocument, range, options: {} },
  'textDocument/codeAction': { textDocument, range, context: { diagnostics: 'list' } },
  'textDocument/inlayHint': { textDocument, range },
  'textDocument/selectionRange': { textDocument, positions: [position] },
  'textDocument/codeLens': document,
  'textDocument/documentSymbol': document,
  'textDocument/documentLink': document,
  'textDocument/foldingRange': document,
  'textDocument/semanticTokens/full': document,
  'textDocument/semanticTokens/full/delta': document,
  'textDocument/semanticTokens/range': { textDocument, range },
  'workspace/symbol': { query: 'text' },
  'workspace/didChangeConfiguration': {},
  'workspace/didChangeWatchedFiles': { changes: [{ uri: 'text' }] },
  'workspace/didChangeWorkspaceFolders': { event: { added: [{ uri: 'text' }], removed: [{ uri: 'text' }] } },
  'workspace/didCreateFiles': files,
  'workspace/didDeleteFiles': files,
  'workspace/didRenameFiles': moves,
  'workspace/willRenameFiles': moves,
};

/** What is wrong with the parameters of a message; null if the server can read them. */
export function faultOfParams(method: string, params: unknown): string | null {
  const shape = Object.hasOwn(shapes, method) ? shapes[method] : undefined;
  return shape === undefined ? null : faultOf(params, shape, 'params');
}

function faultOf(value: unknown, shape: Shape, path: string): string | null {
  if (shape === 'text') return typeof value === 'string' ? null : `'${path}' must be a text`;
  if (shape === 'integer') return Number.isInteger(value) ? null : `'${path}' must be a whole number`;
  if (shape === 'list') return Array.isArray(value) ? null : `'${path}' must be a list`;
  if (isList(shape)) {
    if (!Array.isArray(value)) return `'${path}' must be a list`;
    const [inner] = shape;
    return firstFault(value, (one, index) => faultOf(one, inner, `${path}[${index}]`));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `'${path}' must be an object`;
  const given = value as Readonly<Record<string, unknown>>;
  return firstFault(Object.entries(shape), ([written, inner]) => {
    const field = written.replace('?', '');
    const isAbsent = field !== written && (given[field] === undefined || given[field] === null);
    return isAbsent ? null : faultOf(given[field], inner, `${path}.${field}`);
  });
}

const isList = (shape: Shape): shape is readonly [Shape] => Array.isArray(shape);

function firstFault<T>(items: readonly T[], find: (item: T, index: number) => string | null): string | null {
  for (const [index, item] of items.entries()) {
    const fault = find(item, index);
    if (fault !== null) return fault;
  }
  return null;
}
