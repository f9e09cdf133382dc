// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in LSP's notation.

import { importInsertion, type LibraryHost, libraryDeclarations } from '../library.ts';
import type { Program, SourceFile } from '../program.ts';
import type { DeclarationKind, PropertySchema, QuantityType, ValueType, WordSchema } from '../schema/index.ts';
import { type BlockSchema, burstForms, fileBlocks, layersSchema, metricWords, npuSchema } from '../schema/index.ts';
import { tokenAt, tokenEnd, tokenKind, tokenStart } from '../syntax/index.ts';
import { dimensions, joinedUnits, sameDimension, unitTable } from '../units/index.ts';
import { describeBlock, describeProperty } from './hover.ts';
import { calledRow, formOf, type Inside, insideOf, type Place, placeAt, propertyBefore } from './place.ts';
import { isInComment } from './tree.ts';

/** One offer. `insertText` is a snippet in LSP's notation where `isSnippet`. It replaces [start, end). */
export interface Completion {
  readonly label: string;
  readonly kind: 'block' | 'property' | 'word' | 'unit' | 'layer' | 'label' | 'import' | DeclarationKind;
  readonly detail: string;
  readonly documentation: string;
  readonly insertText: string;
  readonly isSnippet: boolean;
  readonly start: number;
  readonly end: number;
  /** Of a name that the file does not see yet: the import that shows it. */
  readonly imports?: { readonly start: number; readonly end: number; readonly newText: string };
}

/** What fits at a place, also in broken text. All of it: the editor filters by what was typed. */
export function completionsAt(program: Program, uri: string, offset: number, host: LibraryHost): readonly Completion[] {
  const file = program.files.get(uri);
  if (file === undefined || isInComment(file.tree, offset)) return [];
  const text = textAt(file, offset);
  if (text !== undefined) return importsIn(file, text, host);
  const place = placeAt(file.tree, offset);
  return new Offers(program, file, place, host).all();
}

class Offers {
  private readonly program: Program;
  private readonly file: SourceFile;
  private readonly place: Place;

  private readonly host: LibraryHost;

  constructor(program: Program, file: SourceFile, place: Place, host: LibraryHost) {
    this.host = host;
    this.program = program;
    this.file = file;
    this.place = place;
  }

  all(): readonly Completion[] {
    const { before, open } = this.place;
    const [previous] = before;
    const brace = open.findLast((one) => one.kind === '{');
    const inside = insideOf(this.file, brace?.start);
    const bracket = open.at(-1);
    if (previous === undefined) return this.starts(inside);
    if (previous.kind === 'number' && !previous.breakAfter) return this.units(inside);
    if (bracket?.kind === '(') return this.argument(bracket.start, inside);
    if (bracket?.kind === '[' && bracket.start > (brace?.start ?? -1)) return this.listed(bracket.start, inside);
    if (previous.kind === '.') return this.members();
    if (previous.kind === ':') return this.valueOf(inside, 1);
    const startsItem = previous.breakAfter || ['{', '}', ')', ','].includes(previous.kind);
    if (startsItem) return this.starts(inside);
    if (previous.kind === 'name') return this.behindWord(previous.text, inside);
    if (['=', '+', '-', '*', '/', '<=', '>=', '..'].includes(previous.kind)) return this.declared('let');
    return [];
  }

  /** A property, a block or a layer begins here. */
  private starts(inside: Inside | undefined): readonly Completion[] {
    if (inside === undefined) return [];
    if (inside.kind === 'file') {
      return [
        ...fileBlocks.map((row) => this.block(row)),
        this.offer(
          'import',
          'block',
          'import',
          'Shows what a file of the library, or one of yours, declares.',
          'import "${1:stimpack/stimpack}"',
          true,
        ),
        this.offer('let', 'block', 'let', 'Gives a value a name.', 'let ${1:name} = ${2:value}', true),
      ];
    }
    const { schema, items } = inside;
    if (schema.content === 'constraints') return this.constraints();
    const written = new Set(
      items.map((item) =>
        item.kind === 'property'
          ? item.words.map((word) => word.text).join(' ')
          : item.kind === 'statement'
            ? item.keyword.text
            : '',
      ),
    );
    const current = this.file.tree.text.slice(this.place.start, this.place.end);
    const isFree = (name: string): boolean => !written.has(name) || name === current;
    const properties = schema.properties.filter((one) => isFree(one.name)).map((one) => this.property(one));
    if (schema.content === 'layers') {
      const layers = layersSchema.blocks.map((row) => ({ ...this.block(row), kind: 'layer' as const }));
      return [...properties, ...layers, ...this.declared('block')];
    }
    const blocks = schema.blocks
      .filter((one) => one.repeats === true || isFree(one.keyword))
      .map((one) => this.block(one));
    return [...properties, ...blocks];
  }

  private constraints(): readonly Completion[] {
    return metricWords.flatMap((word) => {
      const example = word.name === 'latency' ? '15 ms' : word.name === 'accuracy' ? '76 %' : '1000 rps';
      const heads =
        word.name === 'latency'
          ? ['p99 latency', 'p99.9 latency', 'p50 latency', 'mean latency', 'max latency']
          : [word.name];
      return heads.map((head) =>
        this.offer(
          head,
          'word',
          `${head} ${word.operator}`,
          word.documentation,
          `${head} ${word.operator} \${1:${example}}`,
          true,
        ),
      );
    });
  }

  /** Behind a keyword or a clause: what it speaks of. */
  private behindWord(word: string, inside: Inside | undefined): readonly Completion[] {
    switch (word) {
      case 'extends':
      case 'vary':
        return this.declared('npu');
      case 'with':
        return [...this.declared('scheduler'), ...burstForms.map((row) => this.form(row))];
      case 'serve':
        return this.declared('model');
      case 'repeat':
      case 'let':
      case 'as':
        return [];
    }
    const rows = inside?.kind === 'block' ? inside.schema.blocks : inside?.kind === 'file' ? fileBlocks : [];
    const row = rows.find((one) => one.keyword === word);
    if (row?.subject.kind === 'word') return row.subject.words.map((one) => this.word(one));
    if (row?.subject.kind === 'reference') return this.declared(row.subject.to);
    const [, second] = this.place.before;
    const head = rows.find((one) => one.keyword === second?.text);
    if (head !== undefined)
      return head.clauses.map((clause) =>
        this.offer(clause.keyword, 'word', '', clause.documentation, `${clause.keyword} `, false),
      );
    if (metricWords.some((one) => one.name === word)) return [];
    return inside?.kind === 'block' && inside.schema.content === 'constraints'
      ? metricWords.map((one) => this.word(one))
      : [];
  }

  /** What the property before the colon takes; `skip` tokens stand between its name and the cursor. */
  private valueOf(inside: Inside | undefined, skip: number): readonly Completion[] {
    if (inside?.kind !== 'block') return [];
    const words = this.place.before.slice(skip);
    const property = propertyBefore(inside.schema, words);
    if (property !== undefined) return this.values(property.type, property);
    // A label in front of a layer.
    if (inside.schema.content === 'layers')
      return this.starts(inside).filter((one) => one.kind === 'layer' || one.kind === 'block');
    return [];
  }

  private values(type: ValueType, property: PropertySchema): readonly Completion[] {
    switch (type.kind) {
      case 'quantity':
        return [
          ...this.example(property),
          ...(type.words ?? []).map((word) => this.word(word)),
          ...this.declared('let'),
        ];
      case 'word':
        return type.words.map((word) => this.word(word));
      case 'flag':
        return ['yes', 'no'].map((name) => this.word({ name, documentation: property.documentation }));
      case 'form':
        return [
          ...type.forms.map((row) => this.form(row)),
          ...(type.quantity === undefined ? [] : this.declared('let')),
        ];
      case 'reference':
        return this.declared(type.to);
      case 'padding':
        return ['same', 'valid'].map((name) => this.word({ name, documentation: property.documentation }));
      case 'variants':
        return [...this.declared('npu'), ...this.declared('scheduler'), ...burstForms.map((row) => this.form(row))];
      case 'layers':
        return this.labels();
      case 'pair':
      case 'shape':
      case 'text':
      case 'seed':
        return [...this.example(property), ...this.declared('let')];
    }
  }

  private example(property: PropertySchema): readonly Completion[] {
    const text = property.example ?? property.default?.text;
    return text === undefined ? [] : [this.offer(text, 'word', property.name, property.documentation, text, false)];
  }

  /** Inside `[ ]`: what the property takes that the list belongs to. */
  private listed(bracket: number, inside: Inside | undefined): readonly Completion[] {
    const skip = this.place.before.findIndex((word) => word.start === bracket) + 1;
    const [previous] = this.place.before;
    if (previous?.kind === 'name') return this.behindWord(previous.text, inside);
    return skip > 0 && this.place.before[skip]?.kind === ':' ? this.valueOf(inside, skip + 1) : this.declared('let');
  }

  /** Inside `( )`: parameters by name, and what the current one takes. */
  private argument(bracket: number, inside: Inside | undefined): readonly Completion[] {
    const skip = this.place.before.findIndex((word) => word.start === bracket) + 1;
    const name = this.place.before[skip]?.text ?? '';
    const [previous, label] = this.place.before;
    const row =
      (inside?.kind === 'block'
        ? inside.schema.properties.map((one) => formOf(one.type, name)).find((one) => one !== undefined)
        : undefined) ?? calledRow(name);
    if (row === undefined) return this.declared('let');
    if (previous?.kind === ':') {
      const property = row.properties.find((one) => one.name === label?.text);
      return property === undefined ? [] : this.values(property.type, property);
    }
    const [first] = row.properties;
    const values = first !== undefined && previous?.kind === '(' ? this.values(first.type, first) : [];
    return [...values, ...row.properties.map((one) => this.property(one))];
  }

  /** Behind a number: the units of the dimension that is wanted; all of them where that is not known. */
  private units(inside: Inside | undefined): readonly Completion[] {
    const wanted = this.wantedQuantity(inside);
    const fits = (dimension: keyof typeof dimensions): boolean =>
      wanted === undefined || wanted.dimensions.some((name) => sameDimension(dimensions[name], dimensions[dimension]));
    // A unit that is written out is done: its offer would take the key that ends the line.
    const written = this.file.tree.text.slice(this.place.start, this.place.end);
    const isDone = unitTable.some((row) => row.names.some((name) => name === written));
    const isOpen = ({ label }: Completion): boolean => !isDone || (label !== written && label.startsWith(written));
    const simple = unitTable.flatMap((row) =>
      fits(row.dimension) && row.names[0] !== undefined
        ? [this.offer(row.names[0], 'unit', row.dimension, row.documentation, row.names[0], false)]
        : [],
    );
    const joined = joinedUnits.flatMap((unit) =>
      fits(unit.dimension) ? [this.offer(unit.name, 'unit', unit.dimension, '', unit.name, false)] : [],
    );
    return [...simple, ...joined].filter(isOpen);
  }

  private wantedQuantity(inside: Inside | undefined): QuantityType | undefined {
    const { before } = this.place;
    const colon = before.findIndex((word) => word.kind === ':');
    const sameLine = before.slice(0, colon + 1).every((word, i) => i === 0 || !word.breakAfter);
    const comparison = before.findIndex((word) => word.kind === '<=' || word.kind === '>=');
    const metric = comparison < 0 ? undefined : metricWords.find((word) => word.name === before[comparison + 1]?.text);
    if (metric !== undefined && (colon < 0 || comparison < colon))
      return { kind: 'quantity', dimensions: [metric.dimension] };
    const call = before.findIndex((word) => word.kind === '(');
    if (call >= 0 && (colon < 0 || call < colon)) {
      const [first] = calledRow(before[call + 1]?.text ?? '')?.properties ?? [];
      return first?.type.kind === 'quantity' ? first.type : undefined;
    }
    if (colon < 0 || !sameLine || inside?.kind !== 'block') return undefined;
    const type = propertyBefore(inside.schema, before.slice(colon + 1))?.type;
    return type?.kind === 'quantity' ? type : type?.kind === 'form' ? type.quantity : undefined;
  }

  /** Behind a dot: the blocks and properties of an npu. */
  private members(): readonly Completion[] {
    const path: string[] = [];
    for (const [i, word] of this.place.before.entries()) {
      if (i % 2 === 0 && word.kind !== '.') break;
      if (i % 2 === 1) path.unshift(word.text);
    }
    let schema: BlockSchema | undefined = npuSchema;
    for (const name of path.slice(1)) schema = schema?.blocks.find((one) => one.keyword === name);
    if (schema === undefined) return [];
    return [
      ...schema.properties.map((one) => this.offer(one.name, 'property', '', describeProperty(one), one.name, false)),
      ...schema.blocks.map((one) => this.offer(one.keyword, 'block', '', describeBlock(one), one.keyword, false)),
    ];
  }

  private labels(): readonly Completion[] {
    const names = new Set<string>(['input']);
    for (const fact of this.file.facts())
      if (fact.kind === 'label' && fact.end < this.place.start) names.add(fact.name);
    return [...names].map((name) => this.offer(name, 'label', 'label', '', name, false));
  }

  /** Names of one kind that the file sees; then those of the library that it could import. */
  private declared(kind: DeclarationKind): readonly Completion[] {
    const visible = this.program.declarations(this.file.uri);
    const names = new Set(visible.map((one) => one.name));
    const seen = visible.filter((one) => one.kind === kind).map((one) => one.name);
    const offers = [...new Set(seen)].map((name) => this.offer(name, kind, kind, '', name, false));
    if (kind === 'let') return offers;
    const importable = libraryDeclarations(this.host)
      .filter((one) => one.kind === kind && !names.has(one.name))
      .map(({ name, library }) => ({
        ...this.offer(name, kind, library, `Imports "${library}".`, name, false),
        imports: importInsertion(this.file.tree, library),
      }));
    return [...offers, ...importable];
  }

  private block(row: BlockSchema): Completion {
    const snippet = row.snippet ?? (row.properties.some((one) => one.required === true) ? snippetOf(row) : row.keyword);
    return this.offer(row.keyword, 'block', row.documentation, describeBlock(row), snippet, snippet !== row.keyword);
  }

  private form(row: BlockSchema): Completion {
    const snippet = row.properties.some((one) => one.required === true) ? callOf(row) : row.keyword;
    return this.offer(row.keyword, 'word', row.documentation, describeBlock(row), snippet, snippet !== row.keyword);
  }

  private property(row: PropertySchema): Completion {
    return this.offer(row.name, 'property', row.default?.text ?? '', describeProperty(row), `${row.name}: `, false);
  }

  private word(row: WordSchema): Completion {
    return this.offer(row.name, 'word', '', row.documentation, row.name, false);
  }

  private offer(
    label: string,
    kind: Completion['kind'],
    detail: string,
    documentation: string,
    insertText: string,
    isSnippet: boolean,
  ): Completion {
    return { label, kind, detail, documentation, insertText, isSnippet, start: this.place.start, end: this.place.end };
  }
}

/** `conv { kernel: ${1:3 x 3}, filters: ${2:64} }`. */
function snippetOf(row: BlockSchema): string {
  return `${row.keyword} { ${fields(row)} }`;
}

/** `poisson(${1:2400 rps})`. */
function callOf(row: BlockSchema): string {
  const values = row.properties
    .filter((one) => one.required === true)
    .map((one, i) => `\${${i + 1}:${one.example ?? one.name}}`);
  return `${row.keyword}(${values.join(', ')})`;
}

function fields(row: BlockSchema): string {
  return row.properties
    .filter((one) => one.required === true)
    .map((one, i) => `${one.name}: \${${i + 1}:${one.example ?? ''}}`)
    .join(', ');
}

/** The text literal that the cursor is inside of, quotes left out. */
function textAt(file: SourceFile, offset: number): { readonly start: number; readonly end: number } | undefined {
  const { tokens, text } = file.tree;
  const at = tokenAt(tokens, Math.max(0, offset - 1));
  if (tokenKind(tokens, at) !== 'string') return undefined;
  const start = tokenStart(tokens, at);
  const end = tokenEnd(tokens, at);
  const isClosed = end - start > 1 && text.charAt(end - 1) === text.charAt(start);
  if (offset <= start || (isClosed && offset >= end)) return undefined;
  return { start: start + 1, end: isClosed ? end - 1 : end };
}

function importsIn(
  file: SourceFile,
  inner: { readonly start: number; readonly end: number },
  host: LibraryHost,
): readonly Completion[] {
  const place = placeAt(file.tree, inner.start - 1);
  if (place.before[0]?.text !== 'import') return [];
  const own = file.uri.slice(file.uri.lastIndexOf('/') + 1);
  const beside = (host.namesBeside?.(file.uri) ?? []).filter(
    (name) => encodeURIComponent(name) !== own && name !== own,
  );
  const offer = (name: string, detail: string): Completion => ({
    label: name,
    kind: 'import',
    detail,
    documentation: '',
    insertText: name,
    isSnippet: false,
    ...inner,
  });
  return [
    ...beside.map((name) => offer(`./${name}`, 'beside this file')),
    ...host.libraryNames().map((name) => offer(name, 'library')),
  ];
}
