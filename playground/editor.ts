import {
  acceptCompletion,
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorSelection, type Extension, StateEffect, StateField, type Text } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  hoverTooltip,
  keymap,
  lineNumbers,
  type Tooltip,
} from '@codemirror/view';
import type { LspDiagnostic, Position, ServerLink, TextEdit } from './server-link.ts';

/** How long the page waits after a key before the server colours the text again. Our assumption: shorter than a pause in typing. */
const quietMilliseconds = 150;

export interface EditorHost {
  readonly changed: (text: string) => void;
  /** The cursor moved: offsets into the text. */
  readonly selected: (start: number, end: number) => void;
  /** The user starts a run. */
  readonly run: () => void;
}

/** The editor of the page: CodeMirror, with the language server's colours, problems, completion and hover. */
export class Editor {
  readonly view: EditorView;
  private types: readonly string[] = [];
  private readonly link: ServerLink;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parent: HTMLElement, text: string, link: ServerLink, host: EditorHost) {
    this.link = link;
    const save = { key: 'Mod-s', preventDefault: true, run: () => this.handled(host.run) };
    const run = { key: 'Mod-Enter', preventDefault: true, run: () => this.handled(host.run) };
    const format = { key: 'Shift-Alt-f', preventDefault: true, run: () => this.handled(() => void this.format()) };
    this.view = new EditorView({
      parent,
      doc: text,
      extensions: [
        keymap.of([save, run, format, { key: 'Tab', run: acceptCompletion }, indentWithTab]),
        lineNumbers(),
        highlightActiveLine(),
        history(),
        bracketMatching(),
        closeBrackets(),
        drawSelection(),
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap]),
        lintGutter(),
        colours,
        autocompletion({ override: [(context) => this.complete(context)] }),
        hoverTooltip((view, at) => this.hover(view.state.doc, at)),
        EditorView.contentAttributes.of({ 'aria-label': 'design (.npu)' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) {
            host.changed(update.state.doc.toString());
            this.colourSoon();
          }
          if (update.selectionSet || update.docChanged) {
            const { from, to } = update.state.selection.main;
            host.selected(from, to);
          }
        }),
      ] satisfies Extension[],
    });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  set text(text: string) {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
  }

  /** Colours the text as the server reads it, from now on. */
  start(types: readonly string[]): void {
    this.types = types;
    this.colourSoon();
  }

  show(found: readonly LspDiagnostic[]): void {
    const { doc } = this.view.state;
    const shown = found.map(({ range, severity, message, code }): Diagnostic => {
      const from = offsetOf(doc, range.start);
      return {
        from,
        to: Math.max(from, offsetOf(doc, range.end)),
        severity: severity === 1 ? 'error' : severity === 2 ? 'warning' : 'info',
        message: code === undefined ? message : `${message}\n[${code}]`,
      };
    });
    this.view.dispatch(setDiagnostics(this.view.state, shown));
  }

  /** Selects a part of the text and scrolls to it. */
  reveal(start: number, end: number): void {
    const most = this.view.state.doc.length;
    const selection = EditorSelection.single(Math.min(start, most), Math.min(end, most));
    this.view.dispatch({ selection, effects: EditorView.scrollIntoView(Math.min(start, most), { y: 'center' }) });
    this.view.focus();
  }

  private handled(act: () => void): boolean {
    act();
    return true;
  }

  private async format(): Promise<void> {
    const { doc } = this.view.state;
    const edits = await this.link.format();
    // The person may have typed in the meantime.
    if (this.view.state.doc === doc) this.view.dispatch({ changes: edits.map((edit) => changeOf(doc, edit)) });
  }

  private colourSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.colour(), quietMilliseconds);
  }

  private async colour(): Promise<void> {
    const { doc } = this.view.state;
    const data = await this.link.tokens();
    if (this.view.state.doc !== doc) return;
    this.view.dispatch({ effects: setColours.of(decorations(doc, data, this.types)) });
  }

  private async complete(context: CompletionContext): Promise<CompletionResult | null> {
    const { doc } = context.state;
    const answer = await this.link.ask<CompletionAnswer>('textDocument/completion', positionOf(doc, context.pos));
    const items = itemsOf(answer);
    const word = context.matchBefore(/[\w-]*/u);
    if (items.length === 0 || (word?.from === word?.to && !context.explicit && word?.text === '')) return null;
    return {
      from: word?.from ?? context.pos,
      options: items.map(({ label, detail, insertText, textEdit }) => ({
        label,
        ...(detail === undefined ? {} : { detail }),
        apply: textEdit?.newText ?? insertText ?? label,
      })),
      validFor: /^[\w-]*$/u,
    };
  }

  private async hover(doc: Text, at: number): Promise<Tooltip | null> {
    const answer = await this.link.ask<HoverAnswer>('textDocument/hover', positionOf(doc, at));
    if (answer === null) return null;
    const { contents } = answer;
    const text = typeof contents === 'string' ? contents : contents.value;
    return { pos: at, create: () => ({ dom: hoverElement(text) }) };
  }
}

interface Item {
  readonly label: string;
  readonly detail?: string;
  readonly insertText?: string;
  readonly textEdit?: { readonly newText: string };
}
type CompletionAnswer = readonly Item[] | { readonly items: readonly Item[] };

function itemsOf(answer: CompletionAnswer | null): readonly Item[] {
  if (answer === null) return [];
  return 'items' in answer ? answer.items : answer;
}

interface HoverAnswer {
  readonly contents: string | { readonly value: string };
}

/** Markdown without its marks: the page shows it as text, so no text of a design can become an element. */
function hoverElement(markdown: string): HTMLElement {
  const element = document.createElement('div');
  element.className = 'hover';
  element.textContent = markdown
    .replace(/```\w*\n?/gu, '')
    .replace(/\*\*|`/gu, '')
    .replace(/\\([\\`*_{}[\]()#+.!|<>~-])/gu, '$1')
    .trim();
  return element;
}

const setColours = StateEffect.define<DecorationSet>();
const colours = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (before, transaction) => {
    let marks = before.map(transaction.changes);
    for (const effect of transaction.effects) if (effect.is(setColours)) marks = effect.value;
    return marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** The marks of LSP's relative tokens: five numbers for each. */
function decorations(doc: Text, data: readonly number[], types: readonly string[]): DecorationSet {
  const marks = [];
  let line = 0;
  let character = 0;
  for (let at = 0; at + 4 < data.length; at += 5) {
    const [lines = 0, characters = 0, length = 0, type = 0] = data.slice(at, at + 4);
    line += lines;
    character = lines === 0 ? character + characters : characters;
    const from = offsetOf(doc, { line, character });
    const to = Math.min(doc.length, from + length);
    const name = types[type];
    if (name !== undefined && to > from) marks.push(Decoration.mark({ class: `token-${name}` }).range(from, to));
  }
  return Decoration.set(marks, true);
}

function offsetOf(doc: Text, { line, character }: Position): number {
  if (line >= doc.lines) return doc.length;
  const { from, to } = doc.line(line + 1);
  return Math.min(to, from + character);
}

function positionOf(doc: Text, offset: number): Position {
  const { number, from } = doc.lineAt(offset);
  return { line: number - 1, character: offset - from };
}

function changeOf(doc: Text, { range, newText }: TextEdit): { from: number; to: number; insert: string } {
  return { from: offsetOf(doc, range.start), to: offsetOf(doc, range.end), insert: newText };
}
