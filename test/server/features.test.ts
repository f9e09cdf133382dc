// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in LSP's notation.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  CodeAction,
  CodeLens,
  CompletionItem,
  CompletionList,
  Diagnostic,
  DocumentHighlight,
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  Hover,
  InlayHint,
  Location,
  Position,
  SelectionRange,
  SemanticTokens,
  SemanticTokensDelta,
  SignatureHelp,
  TextDocumentEdit,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver/node';
import { semanticTokenTypes } from '../../language/index.ts';
import { TestServer } from './language-server.ts';
import { applyEdits, readMarked, textIn } from './marked-document.ts';

let server: TestServer;
let poor: TestServer;
beforeAll(async () => {
  server = (await TestServer.start({ runOnOpen: false })).server;
  poor = (await TestServer.start({ runOnOpen: false, rich: false })).server;
});
afterAll(async () => {
  await server.stop();
  await poor.stop();
});

let count = 0;
/** Opens a marked text as a new file. */
async function opened(marked: string, s = server): Promise<ReturnType<typeof readMarked> & { readonly uri: string }> {
  count += 1;
  const uri = `file:///features/document${count}.npu`;
  const document = readMarked(marked);
  await s.open(uri, document.text);
  return { ...document, uri };
}

const chip =
  'npu C { clock: 1 GHz, array { rows: 8, columns: 8 }, vector { rate: 8 operations/cycle }, VMEM { capacity: 1 MiB, bandwidth: 1 TB/s }, HBM { capacity: 1 GB, bandwidth: 1 GB/s } }\n';
const net = 'model M { input: 8 x 8 x 3, layers { c: conv { kernel: 3, filters: 4 }, relu } }\n';
const short = (marked: string): string => marked.replace(chip, '').replace(net, '');

/** The text after an offer is accepted. Snippets keep their tab stops. */
function accept(text: string, item: CompletionItem): string {
  const edit = item.textEdit;
  if (edit === undefined || !('range' in edit)) throw new Error(`'${item.label}' has no edit`);
  return applyEdits(text, [edit, ...(item.additionalTextEdits ?? [])]);
}

async function offered(s: TestServer, uri: string, params: object): Promise<readonly CompletionItem[]> {
  return (await s.ask<CompletionList>('completion', uri, params)).items;
}

describe('completion', () => {
  function check(marked: string, label: string, expected: string): void {
    it(`${short(marked)} + ${label}`, async () => {
      const { uri, text, cursor } = await opened(marked);
      const items = await offered(server, uri, { position: cursor });
      const item = items.find((one) => one.label === label);
      expect(item && short(accept(text, item))).toBe(expected);
    });
  }
  check('npu A { array { dataflow: we| } }', 'weight-stationary', 'npu A { array { dataflow: weight-stationary } }');
  check('npu A { clock: 1 | }', 'GHz', 'npu A { clock: 1 GHz }');
  check('npu A { HBM { bandwidth: 600 G|', 'GB/s', 'npu A { HBM { bandwidth: 600 GB/s');
  check('mod|', 'model', 'model ${1:Name} {\n  input: ${2:224 x 224 x 3}\n  layers {\n    $0\n  }\n}');
  check('scheduler Q { burst: | }', 'slack', 'scheduler Q { burst: slack }');
  check(`${chip}npu B extends | {}`, 'C', 'npu B extends C {}');
  check('import "stim|"', 'stimpack/resnet50', 'import "stimpack/resnet50"');
  check('npu B extends | {}', 'TPUv4i', 'import "stimpack/tpuv4i"\n\nnpu B extends TPUv4i {}');
  check(
    'import "stimpack/tpuv4i"\nscenario S { serve | }',
    'ResNet50',
    'import "stimpack/tpuv4i"\nimport "stimpack/resnet50"\nscenario S { serve ResNet50 }',
  );

  it('documents only the completion that the user selects', async () => {
    const { uri, cursor } = await opened('npu A { | }');
    const items = await offered(server, uri, { position: cursor });
    const clock = items.find((one) => one.label === 'clock');
    expect(clock).toBeDefined();
    expect(items.every((one) => one.documentation === undefined)).toBe(true);
    const resolved = await server.connection.sendRequest<CompletionItem>('completionItem/resolve', clock);
    expect(resolved.documentation).toMatchObject({
      kind: 'markdown',
      value: expect.stringContaining('Clock frequency'),
    });
  });

  it('a space offers units, and not everything', async () => {
    const typed = { triggerKind: 2, triggerCharacter: ' ' };
    const unit = await opened('npu A { clock: 1 | }');
    const units = await offered(server, unit.uri, { position: unit.cursor, context: typed });
    expect(units.map((one) => one.label)).toContain('GHz');
    const start = await opened('npu A { | }');
    expect(await offered(server, start.uri, { position: start.cursor, context: typed })).toEqual([]);
  });

  it('leaves out snippets for an editor without snippets', async () => {
    const { uri, text, cursor } = await opened('npu A { vec| }', poor);
    const items = await offered(poor, uri, { position: cursor });
    const item = items.find((one) => one.label === 'vector');
    expect(item && accept(text, item)).toBe('npu A { vector { rate: 2048 operations/cycle } }');
  });
});

describe('a long text', () => {
  // Long enough that a completion does not wait for its check.
  const filler = `// ${'x'.repeat(100)}\n`.repeat(1500);
  const text = `import "stimpack/stimpack"\nnpu Mine extends Stimpack { clock: 1 GHz }\n${filler}scenario Rush {\n  npu: \n}\n`;
  const line = text.split('\n').indexOf('  npu: ');
  const at = { line, character: '  npu: '.length };

  it('is completed with the words of the present text, and checked afterwards', async () => {
    const long = 'file:///features/long.npu';
    await server.open(long, text);
    const before = await server.pull(long);
    const typed = { range: { start: at, end: at }, text: 'M' };
    await server.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: long, version: 9 },
      contentChanges: [typed],
    });
    const [after, list] = await Promise.all([
      server.pull(long),
      server.ask<CompletionList>('completion', long, { position: { ...at, character: at.character + 1 } }),
    ]);
    const mine = list.items.find(({ label }) => label === 'Mine');
    expect(mine?.textEdit).toMatchObject({ range: { start: at, end: { line, character: at.character + 1 } } });
    expect(before.map(({ code }) => code)).not.toEqual(after.map(({ code }) => code));
    expect(after.map(({ code }) => code)).toContain('unknown-name');
    await server.close(long);
  });
});

describe('hover', () => {
  function check(marked: string, ...parts: readonly string[]): void {
    it(short(marked), async () => {
      const { uri, cursor, text, ranges } = await opened(marked);
      const hover = await server.ask<Hover | null>('hover', uri, { position: cursor });
      if (parts.length === 0) expect(hover).toBeNull();
      for (const part of parts) expect(hover?.contents).toMatchObject({ value: expect.stringContaining(part) });
      if (ranges[0] !== undefined) expect(hover?.range && textIn(text, hover.range)).toBe(textIn(text, ranges[0]));
    });
  }
  check('npu A { ⟦cl|ock⟧: 1 GHz }', '**clock**', 'required');
  check(`${chip}npu B extends ⟦|C⟧ {}`, 'npu C', '1 x (8 x 8)');
  check('let ⟦fa|st⟧ = 2 * 500 MHz', '1 GHz');
  check('// no|thing');
});

describe('signature help', () => {
  it('names the parameter at the cursor', async () => {
    const { uri, cursor } = await opened(`${chip}${net}scenario S { serve M { arrivals: bursty(1 rps, |) } }`);
    const help = await server.ask<SignatureHelp>('signatureHelp', uri, { position: cursor });
    expect(help.signatures[0]?.label).toBe('bursty(low, high, quiet, busy)');
    expect(help.activeParameter).toBe(1);
  });
});

describe('names in one file', () => {
  function check(marked: string): void {
    it(`definition, references, highlights: ${short(marked)}`, async () => {
      const { uri, cursor, ranges } = await opened(marked);
      const definition = await server.ask<Location>('definition', uri, { position: cursor });
      expect(definition).toEqual({ uri, range: ranges[0] });
      const references = await server.ask<Location[]>('references', uri, {
        position: cursor,
        context: { includeDeclaration: true },
      });
      expect(references.map((one) => one.range)).toEqual(ranges);
      const others = await server.ask<Location[]>('references', uri, {
        position: cursor,
        context: { includeDeclaration: false },
      });
      expect(others.map((one) => one.range)).toEqual(ranges.slice(1));
      const highlights = await server.ask<DocumentHighlight[]>('documentHighlight', uri, { position: cursor });
      expect(highlights.map((one) => one.kind)).toEqual(ranges.map((_, i) => (i === 0 ? 3 : 2)));
    });
  }
  check('let ⟦a⟧ = 1\nlet b = ⟦|a⟧ + ⟦a⟧');
  check('block ⟦B⟧(f) { dense(f) }\nmodel M { input: 8, layers { ⟦|B⟧(4), ⟦B⟧(8) } }');
  check('block B(⟦f⟧) { dense(⟦|f⟧) }\nmodel M { input: 8, layers { B(4) } }');
  check('model M { input: 8, layers { ⟦a⟧: dense(8), b: dense(8), add { inputs: [⟦|a⟧, b] } } }');
  check('model M { input: 8, layers { s: repeat 2 { ⟦a⟧: dense(8) }, add { inputs: [s.⟦|a⟧, s] } } }');

  /** The text after a rename to `next`. A pattern instead of a text matches the reason of a refusal. */
  function rename(marked: string, newName: string, expected: string | RegExp): void {
    it(`rename: ${short(marked)} to ${newName}`, async () => {
      const { uri, cursor, text } = await opened(marked);
      const asked = server.ask<WorkspaceEdit>('rename', uri, { position: cursor, newName });
      if (typeof expected !== 'string') {
        await expect(asked).rejects.toThrow(expected);
        return;
      }
      const [change] = (await asked).documentChanges as TextDocumentEdit[];
      expect(change?.textDocument.uri).toBe(uri);
      expect(short(applyEdits(text, (change?.edits ?? []) as TextEdit[]))).toBe(expected);
    });
  }
  rename('let |a = 1\nlet b = a + a', 'size', 'let size = 1\nlet b = size + size');
  rename(`${chip}npu B extends |C {}`, 'Chip', chip.replace('npu C', 'npu Chip').concat('npu B extends Chip {}'));
  rename('let |a = 1\nlet b = a', 'b', /there is a let 'b' already/);
  rename('let |a = 1', '2fast', /is not a name/);
  rename('import "stimpack/tpuv4i"\nnpu B extends TPU|v4i {}', 'Mine', /belongs to the library/);
  rename(
    'model M { input: 8, layers { a|: dense(8), dense(8), add { inputs: [a, input] } } }',
    'left',
    'model M { input: 8, layers { left: dense(8), dense(8), add { inputs: [left, input] } } }',
  );
  rename('model M { input: 8, layers { a|: dense(8), b: dense(8) } }', 'b', /there is 'b' already/);

  it('prepares a rename with the range of the name', async () => {
    const { uri, cursor, ranges } = await opened('let ⟦lo|ng⟧ = 1');
    expect(await server.ask('prepareRename', uri, { position: cursor })).toEqual({
      range: ranges[0],
      placeholder: 'long',
    });
    const nothing = await opened('let a = 1|5');
    expect(await server.ask('prepareRename', nothing.uri, { position: nothing.cursor })).toBeNull();
  });
});

describe('structure', () => {
  it('document symbols', async () => {
    const { uri } = await opened(
      'let a = 1\nnpu B extends C { mode base { precision: bf16 } }\nscenario S { serve M { } }',
    );
    const symbols = await server.ask<DocumentSymbol[]>('documentSymbol', uri);
    const show = (one: DocumentSymbol): string => `${one.name}[${(one.children ?? []).map(show).join(' ')}]`;
    expect(symbols.map(show)).toEqual(['a[]', 'B[base[precision[]]]', 'S[M[]]']);
    for (const one of symbols) expect(one.selectionRange.start.line).toBe(one.range.start.line);
  });

  it('symbols are a list for an editor without trees', async () => {
    const { uri } = await opened('npu B { mode base { precision: bf16 } }', poor);
    const symbols = await poor.ask<{ name: string; containerName?: string }[]>('documentSymbol', uri);
    expect(symbols.map((one) => `${one.containerName ?? ''}/${one.name}`)).toEqual(['/B', 'B/base', 'base/precision']);
  });

  it('folds blocks up to their closing bracket, and comments and imports completely', async () => {
    const { uri } = await opened('import "a"\nimport "b"\n// one\n// two\nnpu A {\n  array { rows: 1 }\n}\n');
    const folds = await server.ask<FoldingRange[]>('foldingRange', uri);
    expect(folds.map((one) => [one.startLine, one.endLine, one.kind])).toEqual([
      [0, 1, 'imports'],
      [2, 3, 'comment'],
      [4, 5, undefined],
    ]);
  });

  it('the selection grows from the word to the file', async () => {
    const { uri, text, cursor } = await opened('npu A { array { rows: 12|8 } }');
    const [first] = await server.ask<SelectionRange[]>('selectionRange', uri, { positions: [cursor] });
    const steps: string[] = [];
    for (let at = first; at !== undefined; at = at.parent) steps.push(textIn(text, at.range));
    expect(steps).toEqual([
      '128',
      'rows: 128',
      '{ rows: 128 }',
      'array { rows: 128 }',
      '{ array { rows: 128 } }',
      text,
    ]);
  });

  it('links imports and the files of networks and traces', async () => {
    const { uri, text } = await opened(
      'import "stimpack/tpuv4i"\nmodel N from "nets/n.onnx"\nscenario S { npu: TPUv4i, serve N { arrivals: trace("t.csv", speedup: 2 x) } }',
    );
    const links = await server.ask<DocumentLink[]>('documentLink', uri);
    expect(links.map((one) => textIn(text, one.range))).toEqual(['stimpack/tpuv4i', 'nets/n.onnx', 't.csv']);
    expect(links[0]?.target).toMatch(/library\/stimpack\/tpuv4i\.npu$/);
    expect(links[1]?.target).toBe('file:///features/nets/n.onnx');
  });

  it('code lenses are above scenarios and explorations, with commands that the client has', async () => {
    const { uri } = await opened(`${chip}${net}scenario S { npu: C }\nexplore E { scenario: S }`);
    const lenses = await server.ask<CodeLens[]>('codeLens', uri);
    expect(lenses.map((one) => [one.range.start.line, one.command?.command, one.command?.arguments])).toEqual([
      [2, 'stimpack.run', [uri, 'S']],
      [2, 'stimpack.openPanel', [uri, 'S']],
    ]);
  });

  it('the lens for results names the compared variants', async () => {
    const scenario = (name: string, compare: string): string =>
      `scenario ${name} { npu: C, serve M { arrivals: poisson(1 rps) }${compare} }\n`;
    const other = 'npu D extends C { clock: 2 GHz }\n';
    const { uri } = await opened(
      `${chip}${net}${other}${scenario('Alone', '')}${scenario('One', ', compare: [D]')}${scenario('Two', ', compare: [C, D]')}`,
    );
    const lenses = await server.ask<CodeLens[]>('codeLens', uri);
    const offers = lenses.filter(({ command }) => command?.title.startsWith('$(graph-line) '));
    expect(offers.map(({ command }) => [command?.title.replace('$(graph-line) ', ''), command?.command])).toEqual([
      ['Results', 'stimpack.openPanel'],
      ['Compare with D', 'stimpack.compare'],
      ['Compare with 2 others', 'stimpack.compare'],
    ]);
  });

  it('inlay hints show the shapes of the visible lines', async () => {
    const { uri, text } = await opened('model M {\n  input: 8\n  layers {\n    dense(16)\n    softmax\n  }\n}');
    const hints = await server.ask<InlayHint[]>('inlayHint', uri, {
      range: { start: { line: 0, character: 0 }, end: { line: 3, character: 100 } },
    });
    expect(hints.map((one) => [one.position.line, one.label])).toEqual([[3, '16']]);
    expect(text.split('\n')[3]?.length).toBe(hints[0]?.position.character);
  });
});

describe('semantic tokens', () => {
  const decode = ({ data }: SemanticTokens, text: string): string[] => {
    const shown: string[] = [];
    let at: Position = { line: 0, character: 0 };
    for (let i = 0; i < data.length; i += 5) {
      const [line = 0, character = 0, length = 0, type = 0] = data.slice(i, i + 4);
      at = line === 0 ? { line: at.line, character: at.character + character } : { line: at.line + line, character };
      const end = { line: at.line, character: at.character + length };
      shown.push(`${semanticTokenTypes[type]}:${textIn(text, { start: at, end })}`);
    }
    return shown;
  };

  it('full, with a comment of two lines sent line by line', async () => {
    const { uri, text } = await opened('/* a\r\n b */\r\nlet v = 1 GHz');
    const tokens = await server.ask<SemanticTokens>('semanticTokens/full', uri);
    expect(decode(tokens, text)).toEqual([
      'comment:/* a',
      'comment: b */',
      'keyword:let',
      'variable:v',
      'number:1',
      'number:GHz',
    ]);
  });

  it('of a range', async () => {
    const { uri, text } = await opened('let a = 1\nlet b = 2\nlet c = 3');
    const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 9 } };
    const tokens = await server.ask<SemanticTokens>('semanticTokens/range', uri, { range });
    expect(decode(tokens, text)).toEqual(['keyword:let', 'variable:b', 'number:2']);
  });

  it('as a difference, which leads to the same tokens as a full request', async () => {
    const { uri } = await opened('let a = 1\nlet b = 2');
    const before = await server.ask<SemanticTokens>('semanticTokens/full', uri);
    await server.change(uri, 'let a = 1\nlet extra = 5\nlet b = 2');
    const delta = await server.ask<SemanticTokensDelta>('semanticTokens/full/delta', uri, {
      previousResultId: before.resultId,
    });
    const data = [...before.data];
    for (const edit of [...delta.edits].sort((x, y) => y.start - x.start))
      data.splice(edit.start, edit.deleteCount, ...(edit.data ?? []));
    const after = await server.ask<SemanticTokens>('semanticTokens/full', uri);
    expect(data).toEqual(after.data);
    expect(delta.edits.flatMap((edit) => edit.data ?? []).length).toBeLessThan(after.data.length);
  });
});

describe('formatting', () => {
  const options = { tabSize: 2, insertSpaces: true };
  const all = (marked: string, expected: string, opts: object = options): void => {
    it(`document: ${JSON.stringify(marked)}`, async () => {
      const { uri, text } = await opened(marked);
      const edits = await server.ask<TextEdit[]>('formatting', uri, { options: opts });
      expect(applyEdits(text, edits)).toBe(expected);
    });
  };
  all('npu A {\nclock:1 GHz\n}', 'npu A {\n  clock: 1 GHz\n}\n');
  all('npu A {\nclock:1 GHz\n}', 'npu A {\n  clock: 1 GHz\n}\n', { tabSize: 4, insertSpaces: false });
  all('npu A {\r\nclock:1 GHz,\r\n}\r\n', 'npu A {\r\n  clock: 1 GHz\r\n}\r\n');
  all('let a = 1 // 💥\nlet   b = 2\n', 'let a = 1 // 💥\nlet b = 2\n');
  all('npu A {', 'npu A {');

  it('touches only lines that change', async () => {
    const { uri, text } = await opened('let a = 1\nlet   b = 2\nlet c = 3\n');
    const edits = await server.ask<TextEdit[]>('formatting', uri, { options });
    expect(edits.map((one) => [one.range.start.line, textIn(text, one.range)])).toEqual([[1, '  ']]);
  });

  it('of a range leaves other lines alone', async () => {
    const { uri, text } = await opened('let   a = 1\nlet   b = 2\nlet   c = 3\n');
    const range = { start: { line: 1, character: 3 }, end: { line: 2, character: 0 } };
    const edits = await server.ask<TextEdit[]>('rangeFormatting', uri, { range, options });
    expect(applyEdits(text, edits)).toBe('let   a = 1\nlet b = 2\nlet   c = 3\n');
  });

  it('while typing: a new line formats the line above, a closing bracket its own line', async () => {
    const line = await opened('npu A {\n  clock:1 GHz\n  |\n}\n');
    const typed = { position: line.cursor, ch: '\n', options };
    const edits = await server.ask<TextEdit[]>('onTypeFormatting', line.uri, typed);
    expect(applyEdits(line.text, edits)).toBe('npu A {\n  clock: 1 GHz\n  \n}\n');
    const bracket = await opened('npu A {\n    array {rows:1}|\n}\n');
    const closed = { position: bracket.cursor, ch: '}', options };
    const settled = await server.ask<TextEdit[]>('onTypeFormatting', bracket.uri, closed);
    expect(applyEdits(bracket.text, settled)).toBe('npu A {\n  array { rows: 1 }\n}\n');
  });
});

describe('quick fixes', () => {
  /** Applies the action with this title. */
  function check(marked: string, title: string, expected: string): void {
    it(`${short(marked)}: ${title}`, async () => {
      const { uri, text, cursor } = await opened(marked);
      const range = { start: cursor, end: cursor };
      const actions = await server.ask<CodeAction[]>('codeAction', uri, { range, context: { diagnostics: [] } });
      const action = actions.find((one) => one.title === title);
      expect(actions.map((one) => one.title)).toContain(title);
      const [change] = (action?.edit?.documentChanges ?? []) as TextDocumentEdit[];
      expect(short(applyEdits(text, (change?.edits ?? []) as TextEdit[]))).toBe(expected);
    });
  }
  check('npu A { clok|: 1 GHz }', "Replace by 'clock'", 'npu A { clock: 1 GHz }');
  check('npu A { clock: 1|5 }', "Write '15 GHz'", 'npu A { clock: 15 GHz }');
  check('npu A { HBM { bandwidth: 614| GB } }', "Write '614 GB/s'", 'npu A { HBM { bandwidth: 614 GB/s } }');
  check(
    'npu B extends TPU|v4i {}',
    'Import \'TPUv4i\' from "stimpack/tpuv4i"',
    'import "stimpack/tpuv4i"\n\nnpu B extends TPUv4i {}',
  );

  check('npu A { switch { latency: 1|5 } }', "Write '15 ns'", 'npu A { switch { latency: 15 ns } }');
  check('npu A { HBM { bandwidth: 61|4 GB/s } }', 'Convert to 0.614 TB/s', 'npu A { HBM { bandwidth: 0.614 TB/s } }');
  check('npu A { clock: |1 GHz }', "Extract 'clock' as a 'let'", 'let clock = 1 GHz\n\nnpu A { clock: clock }');

  it('organizes imports only on request', async () => {
    const { uri, text } = await opened('import "stimpack/tpuv4i"\nimport "stimpack/resnet50"\n');
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const actions = (only?: readonly string[]) =>
      server.ask<CodeAction[]>('codeAction', uri, { range, context: { diagnostics: [], ...(only && { only }) } });
    expect(await actions()).toEqual([]);
    for (const only of ['source', 'source.organizeImports']) {
      const [action] = await actions([only]);
      const [change] = (action?.edit?.documentChanges ?? []) as TextDocumentEdit[];
      const edits = (change?.edits ?? []) as TextEdit[];
      expect(applyEdits(text, edits)).toBe('import "stimpack/resnet50"\nimport "stimpack/tpuv4i"\n');
    }
  });

  it('fixes all at once', async () => {
    const { uri, text } = await opened('npu A { clok: 1 GHz, residensy: lru }');
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const context = { diagnostics: [], only: ['source.fixAll'] };
    const [all] = await server.ask<CodeAction[]>('codeAction', uri, { range, context });
    const [change] = (all?.edit?.documentChanges ?? []) as TextDocumentEdit[];
    expect(applyEdits(text, (change?.edits ?? []) as TextEdit[])).toBe('npu A { clock: 1 GHz, residency: lru }');
  });
});

describe('diagnostics', () => {
  it('are pulled with code, range and message', async () => {
    const { uri, ranges } = await opened('npu A { ⟦clok⟧: 1 GHz }');
    const items: readonly Diagnostic[] = await server.pull(uri);
    const found = items.find((one) => one.code === 'unknown-property');
    expect(found?.range).toEqual(ranges[0]);
    expect(found?.message).toContain("Did you mean 'clock'?");
    expect(readFileSync(fileURLToPath(found?.codeDescription?.href ?? ''), 'utf8')).toMatch(/^# unknown-property\n/);
  });
});

describe('positions', () => {
  it.each([
    ['CRLF', 'let a = 1\r\nlet b = ⟦|a⟧\r\n'],
    ['CR', 'let a = 1\rlet b = ⟦|a⟧\r'],
    ['tabs', 'let a = 1\n\t\tlet b = ⟦|a⟧'],
    ['astral characters', 'let a = 1 /* 💥𝔘 */ let b = ⟦|a⟧'],
  ])('hold with %s', async (_, marked) => {
    const { uri, cursor, ranges } = await opened(marked);
    const highlights = await server.ask<DocumentHighlight[]>('documentHighlight', uri, { position: cursor });
    expect(highlights.at(-1)?.range).toEqual(ranges[0]);
  });

  it('a position after the end of the text is its end', async () => {
    const { uri } = await opened('let a = 1');
    const position = { line: 99, character: 99 };
    expect(await server.ask('hover', uri, { position })).toBeNull();
    expect(Array.isArray(await offered(server, uri, { position }))).toBe(true);
  });
});
