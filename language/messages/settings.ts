import { listed, type MessageRegistry, message, oneOf, type Words, words } from '../../design/index.ts';
import { allOf, didYouMean } from './wording.ts';

/** The content of a block: its head, its properties and its inner blocks. `close`: the known name that is most like the written one. */
export const settingMessages = {
  deprecatedSpelling: message(
    'deprecated-spelling',
    ({ written, name }: { written: string; name: string }) => `'${written}' is an old spelling. Write '${name}'.`,
  ),
  unexpectedSubject: message(
    'unexpected-name',
    ({ keyword }: { keyword: string }) => `'${keyword}' has no name. Remove the name.`,
  ),
  missingSubject: message(
    'missing-name',
    ({ keyword, known }: { keyword: string; known: readonly string[] }) =>
      `Expected ${oneOf(known)} after '${keyword}'.`,
  ),
  unknownSubject: message(
    'unknown-word',
    (p: { keyword: string; written: string; known: readonly string[]; close: string | undefined }) =>
      `There is no '${p.keyword} ${p.written}'. Expected ${oneOf(p.known)} after '${p.keyword}'.${didYouMean(p.close)}`,
  ),
  unknownClause: message(
    'unknown-clause',
    (p: { keyword: string; clause: string; known: readonly string[]; close: string | undefined }) => {
      const expected = p.known.length === 0 ? ' Remove it.' : ` Expected ${oneOf(p.known)}.`;
      return `'${p.keyword}' cannot have '${p.clause}' here.${didYouMean(p.close) || expected}`;
    },
  ),
  missingProperty: message(
    'missing-property',
    ({ keyword, name, example }: { keyword: string; name: string; example: string | undefined }) =>
      `'${keyword}' needs '${name}'${example === undefined ? '' : `, such as '${name}: ${example}'`}.`,
  ),
  missingProperties: message(
    'missing-property',
    ({ keyword, names }: { keyword: string; names: readonly string[] }) => `'${keyword}' needs ${allOf(names)}.`,
  ),
  missingBlocks: message(
    'missing-block',
    ({ keyword, names }: { keyword: string; names: readonly string[] }) =>
      `'${keyword}' needs ${names.length === 1 ? 'the block' : 'the blocks'} ${allOf(names)}.`,
  ),
  missingBody: message('missing-block', ({ keyword }: { keyword: string }) => `Expected '{ ... }' after '${keyword}'.`),
  dottedProperty: message(
    'missing-block',
    ({ keyword, property }: { keyword: string; property: string }) =>
      `Set '${property}' inside the block '${keyword}': '${keyword} { ${property}: ... }'.`,
  ),
  unknownProperty: message(
    'unknown-property',
    (p: { keyword: string; written: string; known: readonly string[]; close: string | undefined }) => {
      const list = p.close === undefined && p.known.length > 0 && p.known.length <= 8;
      return `'${p.keyword}' has no property '${p.written}'.${didYouMean(p.close)}${list ? ` Its properties are: ${listed(p.known)}.` : ''}`;
    },
  ),
  unknownBlock: message(
    'unknown-block',
    (p: {
      keyword: string;
      written: string;
      hasBody: boolean;
      known: readonly string[];
      close: string | undefined;
    }) => {
      const list = p.close === undefined && p.known.length > 0 && p.known.length <= 10;
      const what = p.hasBody ? 'block' : 'block or property';
      return `'${p.keyword}' has no ${what} '${p.written}'.${didYouMean(p.close)}${list ? ` It can contain: ${listed(p.known)}.` : ''}`;
    },
  ),
  missingColon: message(
    'missing-colon',
    ({ name, hasValue }: { name: string; hasValue: boolean }) =>
      `Expected ':'${hasValue ? '' : ' and a value'} after '${name}'.`,
  ),
  operatorInProperty: message(
    'wrong-separator',
    ({ name, operator }: { name: string; operator: string }) =>
      `'${name}' is a property. Write ':' instead of '${operator}'.`,
  ),
  colonInObjective: message(
    'wrong-separator',
    ({ operator }: { operator: string }) => `An objective states a limit. Write '${operator}' instead of ':'.`,
  ),
  misplacedConstraint: message('misplaced-item', "An objective is allowed only inside an 'slo' block."),
  duplicateProperty: message(
    'duplicate-property',
    ({ name }: { name: string }) => `This block sets '${name}' twice. Remove one of the two lines.`,
  ),
  conflictingBlocks: message(
    'duplicate-block',
    ({ keyword, other }: { keyword: string; other: string }) =>
      `'${keyword}' replaces '${other}', but this block has both. Remove one of the two.`,
  ),
  duplicateBlock: message(
    'duplicate-block',
    ({ key }: { key: string }) => `'${key}' is twice in this block. Remove one of the two.`,
  ),
  tooManyArguments: message('too-many-arguments', ({ keyword, most }: { keyword: string; most: number }) =>
    most === 0
      ? `'${keyword}' has no values in parentheses. Remove them.`
      : `Too many values: '${keyword}' accepts ${most === 1 ? 'one' : `at most ${most}`}.`,
  ),
  cannotRemove: message(
    'unexpected-value',
    ({ keyword, instead }: { keyword: string; instead: Words }) => `'${keyword}' cannot be removed. ${instead.text}`,
  ),
  blockAsProperty: message(
    'unexpected-value',
    ({ keyword, isRemovable }: { keyword: string; isRemovable: boolean }) =>
      `'${keyword}' is a block. Expected '{ ... }'${isRemovable ? " or ': none'" : ''} after it.`,
  ),
} satisfies MessageRegistry;

/** Notes at related places. */
export const settingNotes = {
  firstHere: words(() => 'The first one is here.'),
  firstSetHere: words(() => 'It is first set here.'),
} as const;
