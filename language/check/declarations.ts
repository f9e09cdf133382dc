import { type BlockSchema, type DeclarationKind, fileBlocks } from '../schema/index.ts';
import { suggest } from '../suggest.ts';
import type { Item, Let, Name, Statement } from '../syntax/index.ts';
import { type CheckedFile, type Declaration, didYouMean, originOf, type Reporter } from './context.ts';
import { checkClauses } from './heads.ts';

const schemaByKeyword: ReadonlyMap<string, BlockSchema> = new Map(fileBlocks.map((schema) => [schema.keyword, schema]));

const blockWords: readonly string[] = [...schemaByKeyword.keys()];

/** What stands at the top of a file. */
const topWords: readonly string[] = [...blockWords, 'import', 'let'];

/** Enters what a file declares into its names, and reports what it cannot declare. Nothing of it is read yet. */
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
    const wanted = subject === undefined ? 'a name' : 'a plain name';
    const message = `expected ${wanted} after '${schema.keyword}'`;
    reporter.report(originOf(file, subject ?? keyword), 'missing-name', message);
    return;
  }
  checkClauses(schema, statement, { file }, reporter);
  const hasSource = schema.clauses.length > 0 && statement.clauses.length > 0;
  if (statement.body === undefined && !hasSource) {
    const message = `expected '{ ... }' after '${schema.keyword} ${name.text}'`;
    reporter.report(originOf(file, name), 'missing-block', message);
  }
  if (statement.parameters !== undefined && schema.subject.declares !== 'block') {
    const message = `only a 'block' takes parameters, not ${schema.keyword} '${name.text}'`;
    reporter.report(originOf(file, statement.parameters), 'unexpected-value', message);
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
  const before = file.own.get(name.text);
  const declaration: Declaration = { kind, name: name.text, nameOrigin, origin: originOf(file, node), node, file };
  file.facts.push({ kind: 'declaration', start: name.start, end: name.end, declaration });
  if (before === undefined) {
    file.own.set(name.text, declaration);
    return;
  }
  reporter.report(nameOrigin, 'duplicate-name', `'${name.text}' is declared twice in this file`, {
    related: [{ message: `'${name.text}' is declared here`, origin: before.nameOrigin }],
  });
}

/** Returns the block that was meant, where one is close. */
function reportUnknownKeyword(
  { keyword, body }: Statement,
  file: CheckedFile,
  reporter: Reporter,
): BlockSchema | undefined {
  const origin = originOf(file, keyword);
  const owner = fileBlocks.find((one) => one.blocks.some((inner) => inner.keyword === keyword.text));
  if (owner !== undefined && owner.content !== 'layers') {
    const message = `'${keyword.text}' stands inside '${owner.keyword}', not at the top of a file`;
    reporter.report(origin, 'misplaced-item', message);
    return undefined;
  }
  const close = suggest(keyword.text, body === undefined ? topWords : blockWords);
  const { text, fixes } = didYouMean(origin, close);
  const list = close === undefined ? `; a file holds ${topWords.join(', ')}` : '';
  reporter.report(origin, 'unknown-block', `there is no block '${keyword.text}'${text}${list}`, { fixes });
  return close === undefined ? undefined : schemaByKeyword.get(close);
}

function reportMisplaced(item: Item, file: CheckedFile, reporter: Reporter): void {
  const words = item.kind === 'property' || item.kind === 'constraint' ? item.words : [];
  const word = words.map((one) => one.text).join(' ');
  const hint = schemaByKeyword.has(word) ? `: expected '${word} Name { ... }'` : '';
  const message = `'${word}' stands inside a block, not at the top of a file${hint}`;
  reporter.report(originOf(file, words[0] ?? item), 'misplaced-item', message);
}
