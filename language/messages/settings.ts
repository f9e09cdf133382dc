import { listed, type MessageRegistry, message, oneOf, words } from '../../design/index.ts';
import { allOf, didYouMean } from './wording.ts';

/** What stands in a block: its head, its properties, the blocks inside. `close`: what was probably meant. */
export const settingMessages = {
  deprecatedSpelling: message(
    'deprecated-spelling',
    ({ written, name }: { written: string; name: string }) => `'${written}' is written '${name}' now`,
  ),
  unexpectedSubject: message('unexpected-name', ({ keyword }: { keyword: string }) => `'${keyword}' takes no name`),
  missingSubject: message(
    'missing-name',
    ({ keyword, known }: { keyword: string; known: readonly string[] }) =>
      `expected ${oneOf(known)} after '${keyword}'`,
  ),
  unknownSubject: message(
    'unknown-word',
    (p: { keyword: string; written: string; known: readonly string[]; close: string | undefined }) =>
      `'${p.keyword}' takes ${oneOf(p.known)}, not '${p.written}'${didYouMean(p.close)}`,
  ),
  unknownClause: message(
    'unknown-clause',
    (p: { keyword: string; clause: string; known: readonly string[]; close: string | undefined }) => {
      const takes = p.known.length === 0 ? '' : `; it takes ${oneOf(p.known)}`;
      return `'${p.keyword}' takes no '${p.clause}' here${didYouMean(p.close) || takes}`;
    },
  ),
  missingProperty: message(
    'missing-property',
    ({ keyword, name, example }: { keyword: string; name: string; example: string | undefined }) =>
      `'${keyword}' needs '${name}'${example === undefined ? '' : `, such as '${name}: ${example}'`}`,
  ),
  missingProperties: message(
    'missing-property',
    ({ keyword, names }: { keyword: string; names: readonly string[] }) => `'${keyword}' needs ${allOf(names)}`,
  ),
  missingBlocks: message(
    'missing-block',
    ({ keyword, names }: { keyword: string; names: readonly string[] }) =>
      `'${keyword}' needs ${names.length === 1 ? 'a block' : 'the blocks'} ${allOf(names)}`,
  ),
  missingBody: message('missing-block', ({ keyword }: { keyword: string }) => `expected '{ ... }' after '${keyword}'`),
  dottedProperty: message(
    'missing-block',
    ({ keyword, property }: { keyword: string; property: string }) =>
      `a property of '${keyword}' stands in its block: '${keyword} { ${property}: ... }'`,
  ),
  unknownProperty: message(
    'unknown-property',
    (p: { keyword: string; written: string; known: readonly string[]; close: string | undefined }) => {
      const list = p.close === undefined && p.known.length > 0 && p.known.length <= 8;
      return `'${p.keyword}' has no property '${p.written}'${didYouMean(p.close)}${list ? `; it has ${listed(p.known)}` : ''}`;
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
      const what = p.hasBody ? 'no block' : 'nothing called';
      return `'${p.keyword}' has ${what} '${p.written}'${didYouMean(p.close)}${list ? `; it has ${listed(p.known)}` : ''}`;
    },
  ),
  missingColon: message(
    'missing-colon',
    ({ name, hasValue }: { name: string; hasValue: boolean }) =>
      `expected ':'${hasValue ? '' : ' and a value'} after '${name}'`,
  ),
  operatorInProperty: message(
    'wrong-separator',
    ({ name, operator }: { name: string; operator: string }) =>
      `'${name}' is a property: expected ':' instead of '${operator}'`,
  ),
  colonInObjective: message(
    'wrong-separator',
    ({ operator }: { operator: string }) => `an objective is a limit: expected '${operator}' instead of ':'`,
  ),
  misplacedConstraint: message('misplaced-item', "a constraint stands in an 'slo' block"),
  duplicateProperty: message(
    'duplicate-property',
    ({ name }: { name: string }) => `'${name}' is set twice in one block`,
  ),
  duplicateBlock: message('duplicate-block', ({ key }: { key: string }) => `'${key}' stands twice in one block`),
  tooManyArguments: message(
    'too-many-arguments',
    ({ keyword, most }: { keyword: string; most: number }) =>
      `'${keyword}' ${most === 0 ? 'takes nothing in parentheses' : `takes ${most === 1 ? 'one value' : `at most ${most} values`}`}`,
  ),
  blockAsProperty: message(
    'unexpected-value',
    ({ keyword, isRemovable }: { keyword: string; isRemovable: boolean }) =>
      `'${keyword}' is a block: expected '{ ... }'${isRemovable ? " or ': none'" : ''} after it`,
  ),
} satisfies MessageRegistry;

/** Related places. */
export const settingNotes = {
  firstHere: words(() => 'first here'),
  firstSetHere: words(() => 'first set here'),
} as const;
