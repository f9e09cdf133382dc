import { type MessageRegistry, message, words } from '../../design/index.ts';

/** What the parser reports. `found` is a token as `Cursor.found` names it; `place` is 'here' or "after ':'". */
export const syntaxMessages = {
  fileTooLarge: message(
    'file-too-large',
    ({ megabytes }: { megabytes: number }) =>
      `this file is larger than ${megabytes} MiB, the most that is read; split it with 'import'`,
  ),
  unterminatedComment: message('unterminated-comment', "this comment has no closing '*/'"),
  unterminatedText: message(
    'unterminated-string',
    ({ quote }: { quote: string }) => `this text has no closing ${quote}`,
  ),
  singleQuotes: message('wrong-quotes', 'text stands between double quotes'),
  unquotedImport: message('missing-quotes', 'the name of what is imported stands between quotes'),
  nestedTooDeeply: message(
    'nested-too-deeply',
    ({ most }: { most: number }) => `this is nested more than ${most} deep`,
  ),
  expressionTooLong: message(
    'expression-too-long',
    ({ most }: { most: number }) => `this expression has more than ${most} operators`,
  ),
  closesNothing: message('unexpected-token', ({ found }: { found: string }) => `${found} closes nothing that is open`),
  nothingBeforeComma: message(
    'unexpected-token',
    ({ expected }: { expected: string }) => `expected ${expected} before ','`,
  ),
  unexpectedToken: message(
    'unexpected-token',
    ({ expected, found }: { expected: string; found: string }) => `expected ${expected}, found ${found}`,
  ),
  hashComment: message('unexpected-token', "a comment starts with '//', not '#'"),
  semicolon: message('unexpected-token', "a line break or a comma separates, not ';'"),
  blockWithoutKeyword: message('unexpected-token', "expected a keyword before '{'"),
  missingSeparator: message(
    'missing-separator',
    ({ found, lineSeparates }: { found: string; lineSeparates: boolean }) =>
      `expected ${lineSeparates ? "',' or a new line" : "','"} before ${found}`,
  ),
  unclosedBlock: message('missing-bracket', "this block has no closing '}'"),
  unclosedBracket: message(
    'missing-bracket',
    ({ close, found }: { close: string; found: string }) => `expected '${close}' before ${found}`,
  ),
  missingValue: message('missing-value', ({ place }: { place: string }) => `expected a value ${place}`),
  otherThanValue: message(
    'missing-value',
    ({ place, found }: { place: string; found: string }) => `expected a value ${place}, found ${found}`,
  ),
  missingImportName: message('missing-value', `expected what to import after 'import', such as "stimpack/tpuv4i"`),
  missingLetValue: message('missing-value', ({ name }: { name: string }) => `expected '=' and a value after '${name}'`),
  missingLetName: message('missing-name', "expected a name after 'let'"),
  missingNameAfterDot: message('missing-name', "expected a name after '.'"),
  colonInLet: message('wrong-separator', "'let' takes '=' between name and value"),
  equalsInProperty: message(
    'wrong-separator',
    ({ name }: { name: string }) => `expected ':' after '${name}'; '=' belongs to 'let'`,
  ),
  colonBeforeBlock: message('unexpected-colon', "a block takes no ':' before '{'"),
  constraintWithoutBlock: message(
    'missing-block',
    ({ keyword, constraint }: { keyword: string; constraint: string }) =>
      `a constraint stands in a block: expected '${keyword} { ${constraint} }'`,
  ),
} satisfies MessageRegistry;

/** Related places of the parser's messages. */
export const syntaxNotes = {
  bracketOpened: words(({ bracket }: { bracket: string }) => `'${bracket}' opened here`),
  closeBefore: words(() => "expected '}' before this"),
} as const;
