import { arrayMessages, settingMessages, tileMessages } from '../messages/index.ts';
import { type BlockSchema, listedWords, type WordSchema } from '../schema/index.ts';
import { suggest } from '../suggest.ts';
import { displayText, type Statement } from '../syntax/index.ts';
import { originOf } from './checked-file.ts';
import { fixesTo } from './fixes.ts';
import type { Reporter } from './reporter.ts';
import type { Scope } from './scope.ts';

/*
 * The part between a block's keyword and its opening bracket: the subject of `mode burst { }`, the clauses of `npu B extends A { }`.
 */

/** The key of a block in its outer block. undefined if the subject is wrong, which is reported. */
export function keyOf(schema: BlockSchema, statement: Statement, scope: Scope, reporter: Reporter): string | undefined {
  const { subject } = schema;
  const written = statement.subject;
  if (subject.kind === 'none' && written !== undefined && statement.body !== undefined) {
    const origin = originOf(scope.file, written);
    reporter.report(origin, settingMessages.unexpectedSubject({ keyword: schema.keyword }), {
      fixes: [{ title: 'Remove it', edits: [{ origin, newText: '' }] }],
    });
  }
  if (subject.kind === 'label') return labelKey(schema, statement, scope, reporter);
  if (subject.kind !== 'word') return schema.sameAs ?? schema.keyword;
  const word = subjectWord(schema, subject.words, statement, scope, reporter);
  return word === undefined ? undefined : `${schema.keyword} ${word.name}`;
}

function labelKey(schema: BlockSchema, statement: Statement, scope: Scope, reporter: Reporter): string | undefined {
  const written = statement.subject;
  if (written === undefined) return schema.keyword;
  const isDotted = schema.subject.kind === 'label' && schema.subject.dotted === true;
  const name =
    written.kind === 'path' && (isDotted || written.parts.length === 1)
      ? written.parts.map((part) => part.text).join('.')
      : undefined;
  if (name !== undefined) return `${schema.keyword} ${name}`;
  const text = scope.file.tree.text.slice(written.start, written.end);
  if (isDotted) {
    reporter.report(originOf(scope.file, written), tileMessages.notALayerName({ written: text }));
    return undefined;
  }
  reporter.report(originOf(scope.file, written), arrayMessages.notAnArrayName({ written: text }));
  return undefined;
}

function subjectWord(
  schema: BlockSchema,
  words: readonly WordSchema[],
  statement: Statement,
  scope: Scope,
  reporter: Reporter,
): WordSchema | undefined {
  const known = listedWords(words).map((one) => one.name);
  const written = statement.subject;
  if (written === undefined) {
    const message = settingMessages.missingSubject({ keyword: schema.keyword, known });
    reporter.report(originOf(scope.file, statement.keyword), message);
    return undefined;
  }
  const text = displayText(scope.file.tree, written.start, written.end);
  const word = written.kind === 'path' ? words.find((one) => one.name === text) : undefined;
  if (word !== undefined) {
    scope.file.facts.push({ kind: 'word', start: written.start, end: written.end, word });
    return word;
  }
  const origin = originOf(scope.file, written);
  const close = suggest(
    text,
    words.map((one) => one.name),
  );
  const message = settingMessages.unknownSubject({ keyword: schema.keyword, written: text, known, close });
  reporter.report(origin, message, { fixes: fixesTo(origin, close) });
  return words.find((one) => one.name === close);
}

/** Reports clauses that the block cannot have. */
export function checkClauses(schema: BlockSchema, statement: Statement, scope: Scope, reporter: Reporter): void {
  const known = schema.clauses.map((clause) => clause.keyword);
  for (const clause of statement.clauses) {
    if (known.includes(clause.keyword.text)) continue;
    const origin = originOf(scope.file, clause.keyword);
    const close = suggest(clause.keyword.text, known);
    const message = settingMessages.unknownClause({
      keyword: schema.keyword,
      clause: clause.keyword.text,
      known,
      close,
    });
    reporter.report(origin, message, { fixes: fixesTo(origin, close) });
  }
}
