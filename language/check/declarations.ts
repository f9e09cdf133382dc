import { nameMessages, nameNotes } from '../messages/index.ts';
import { type BlockSchema, type DeclarationKind, fileBlocks } from '../schema/index.ts';
import { suggest } from '../suggest.ts';
import type { Item, Let, Name, Statement } from '../syntax/index.ts';
import { type CheckedFile, type Declaration, originOf } from './checked-file.ts';
import { fixesTo } from './fixes.ts';
import { checkClauses } from './heads.ts';
import { checkNameLength } from './program-limits.ts';
import type { Reporter } from './reporter.ts';

const schemaByKeyword: ReadonlyMap<string, BlockSchema> = new Map(fileBlocks.map((schema) => [schema.keyword, schema]));

const blockWords: readonly string[] = [...schemaByKeyword.keys()];

/** The content of a file's top level. */
const topWords: readonly string[] = [...blockWords, 'import', 'let'];

/** Adds the declarations of a file to its names and reports invalid ones. Their blocks are not read yet. */
export function declareAll(file: CheckedFile, reporter: Reporter): void {
  for (const item of file.tree.root.items) {
    if (item.kind === 'let') {
      if (item.name !== undefined) declareAs('let', item.name, item, file, reporter);
    } else if (item.kind === 'statement') declareStatement(item, file, reporter);
    else if (item.kind !== 'import') reportMisplaced(item, file, reporter);
  }
}

function declareStatement(statement: Statement, file: CheckedFile, reporter: Reporter): void {
  const { keyword, subject } = statement;
  const schema = schemaByKeyword.get(keyword.text) ?? reportUnknownKeyword(statement, file, reporter);
  if (schema === undefined || schema.subject.kind !== 'declares') return;
  file.facts.push({ kind: 'block', start: keyword.start, end: keyword.end, schema });
  const name = subject?.kind === 'path' && subject.parts.length === 1 ? subject.parts[0] : undefined;
  if (name === undefined) {
    const message = nameMessages.missingDeclarationName({ keyword: schema.keyword, isOther: subject !== undefined });
    reporter.report(originOf(file, subject ?? keyword), message);
    return;
  }
  checkClauses(schema, statement, { file }, reporter);
  const hasSource = schema.clauses.length > 0 && statement.clauses.length > 0;
  if (statement.body === undefined && !hasSource) {
    const message = nameMessages.missingDeclarationBlock({ keyword: schema.keyword, name: name.text });
    reporter.report(originOf(file, name), message);
  }
  if (statement.parameters !== undefined && schema.subject.declares !== 'block') {
    const message = nameMessages.parametersOfOther({ keyword: schema.keyword, name: name.text });
    reporter.report(originOf(file, statement.parameters), message);
  }
  declareAs(schema.subject.declares, name, statement, file, reporter);
}

function declareAs(
  kind: DeclarationKind,
  name: Name,
  node: Let | Statement,
  file: CheckedFile,
  reporter: Reporter,
): void {
  const nameOrigin = originOf(file, name);
  checkNameLength(name.text, name, { file }, reporter);
  const before = file.own.get(name.text);
  const declaration: Declaration = { kind, name: name.text, nameOrigin, origin: originOf(file, node), node, file };
  file.facts.push({ kind: 'declaration', start: name.start, end: name.end, declaration });
  if (before === undefined) {
    file.own.set(name.text, declaration);
    return;
  }
  reporter.report(nameOrigin, nameMessages.duplicateName({ name: name.text }), {
    related: [{ message: nameNotes.declaredHere({ name: name.text }).text, origin: before.nameOrigin }],
  });
}

/** Reports an unknown block. Returns the most similar known block, if there is one. */
function reportUnknownKeyword(
  { keyword, body }: Statement,
  file: CheckedFile,
  reporter: Reporter,
): BlockSchema | undefined {
  const origin = originOf(file, keyword);
  const owner = fileBlocks.find((one) => one.blocks.some((inner) => inner.keyword === keyword.text));
  if (owner !== undefined && owner.content !== 'layers') {
    reporter.report(origin, nameMessages.blockAtTop({ keyword: keyword.text, owner: owner.keyword }));
    return undefined;
  }
  const close = suggest(keyword.text, body === undefined ? topWords : blockWords);
  const message = nameMessages.unknownTopBlock({ keyword: keyword.text, close, known: topWords });
  reporter.report(origin, message, { fixes: fixesTo(origin, close) });
  return close === undefined ? undefined : schemaByKeyword.get(close);
}

function reportMisplaced(item: Item, file: CheckedFile, reporter: Reporter): void {
  const words = item.kind === 'property' || item.kind === 'constraint' ? item.words : [];
  const word = words.map((one) => one.text).join(' ');
  const message = nameMessages.itemAtTop({ written: word, isKeyword: schemaByKeyword.has(word) });
  reporter.report(originOf(file, words[0] ?? item), message);
}
