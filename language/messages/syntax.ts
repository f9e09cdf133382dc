import { type MessageRegistry, message, words } from '../../design/index.ts';

/** What the parser reports. `found` is the text of `Cursor.found` for a token. `place` is 'here' or "after ':'". */
export const syntaxMessages = {
  fileTooLarge: message(
    'file-too-large',
    ({ megabytes }: { megabytes: number }) =>
      `This file is larger than the limit of ${megabytes} MiB. Split it into several files and use 'import'.`,
  ),
  unterminatedComment: message('unterminated-comment', "This comment has no closing '*/'."),
  unterminatedText: message(
    'unterminated-string',
    ({ quote }: { quote: string }) => `This text has no closing ${quote}.`,
  ),
  singleQuotes: message('wrong-quotes', 'Text needs double quotes, not single quotes.'),
  unquotedImport: message('missing-quotes', 'The name of an import needs double quotes.'),
  nestedTooDeeply: message(
    'nested-too-deeply',
    ({ most }: { most: number }) => `This is nested more than ${most} levels deep. Use fewer levels.`,
  ),
  expressionTooLong: message(
    'expression-too-long',
    ({ most }: { most: number }) => `This expression has more than ${most} operators. Split it with 'let'.`,
  ),
  closesNothing: message(
    'unexpected-token',
    ({ found }: { found: string }) => `${found} has no matching opening bracket. Remove it.`,
  ),
  nothingBeforeComma: message(
    'unexpected-token',
    ({ expected }: { expected: string }) => `Expected ${expected} before ','.`,
  ),
  unexpectedToken: message(
    'unexpected-token',
    ({ expected, found }: { expected: string; found: string }) => `Expected ${expected}, found ${found}.`,
  ),
  hashComment: message('unexpected-token', "A comment starts with '//', not with '#'."),
  semicolon: message('unexpected-token', "Separate with a new line or ',', not with ';'."),
  blockWithoutKeyword: message('unexpected-token', "Expected a keyword before '{'."),
  groupWithPer: message(
    'unexpected-token',
    "'per' is not a part of a value. Write the elements that share a scale in parentheses: 'weights: int4(128)'.",
  ),
  missingSeparator: message(
    'missing-separator',
    ({ found, lineSeparates }: { found: string; lineSeparates: boolean }) =>
      `Expected ${lineSeparates ? "',' or a new line" : "','"} before ${found}.`,
  ),
  unclosedBlock: message('missing-bracket', "This block has no closing '}'."),
  unclosedBracket: message(
    'missing-bracket',
    ({ close, found }: { close: string; found: string }) => `Expected '${close}' before ${found}.`,
  ),
  missingValue: message('missing-value', ({ place }: { place: string }) => `Expected a value ${place}.`),
  otherThanValue: message(
    'missing-value',
    ({ place, found }: { place: string; found: string }) => `Expected a value ${place}, found ${found}.`,
  ),
  missingImportName: message('missing-value', `Expected a name after 'import', such as "stimpack/tpuv4i".`),
  missingLetValue: message(
    'missing-value',
    ({ name }: { name: string }) => `Expected '=' and a value after '${name}'.`,
  ),
  missingLetName: message('missing-name', "Expected a name after 'let'."),
  missingNameAfterDot: message('missing-name', "Expected a name after '.'."),
  colonInLet: message('wrong-separator', "'let' needs '=' between the name and the value, not ':'."),
  equalsInProperty: message(
    'wrong-separator',
    ({ name }: { name: string }) => `Expected ':' after '${name}'. Only 'let' uses '='.`,
  ),
  colonBeforeBlock: message('unexpected-colon', "A block has no ':' before '{'. Remove it."),
  constraintWithoutBlock: message(
    'missing-block',
    ({ keyword, constraint }: { keyword: string; constraint: string }) =>
      `'${keyword}' needs a block. Write '${keyword} { ${constraint} }'.`,
  ),
} satisfies MessageRegistry;

/** Notes at places that a message of the parser refers to. */
export const syntaxNotes = {
  bracketOpened: words(({ bracket }: { bracket: string }) => `'${bracket}' opens here.`),
  closeBefore: words(() => "'}' is expected before this."),
} as const;
