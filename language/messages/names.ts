import { listed, type MessageRegistry, message, words } from '../../design/index.ts';
import type { DeclarationKind } from '../schema/index.ts';
import { aKind, chain, didYouMean } from './wording.ts';

/** Files, what they import and declare, and the names that refer to it. `close`: what was probably meant. */
export const nameMessages = {
  unreadableFile: message(
    'unreadable-file',
    ({ uri, reason }: { uri: string; reason: string }) => `cannot read ${uri}: ${reason}`,
  ),
  unreadableImport: message(
    'unreadable-file',
    ({ name, reason }: { name: string; reason: string }) => `cannot read '${name}': ${reason}`,
  ),
  importCycle: message(
    'import-cycle',
    ({ files }: { files: readonly string[] }) => `this import closes a cycle: ${chain(files)}`,
  ),
  missingFile: message(
    'unknown-import',
    ({ name }: { name: string }) => `cannot read '${name}': there is no such file`,
  ),
  importOfOtherKind: message('unknown-import', ({ name }: { name: string }) => {
    const way = /\.onnx$/iu.test(name) ? `; for a network, write: model NAME from "${name}"` : '';
    return `cannot import '${name}': the name of an imported file must end in .npu${way}`;
  }),
  fileWithoutDot: message(
    'unknown-import',
    ({ name }: { name: string }) => `'${name}' is not in the library; a file of yours starts with './'`,
  ),
  unknownLibrary: message(
    'unknown-import',
    ({ name, close, known }: { name: string; close: string | undefined; known: readonly string[] }) => {
      const list = close === undefined && known.length > 0 ? `; it has ${listed(known)}` : '';
      return `the library has no '${name}'${didYouMean(close)}${list}`;
    },
  ),
  unusedDeclaration: message('unused-declaration', ({ name }: { name: string }) => `'${name}' is used nowhere`),
  unusedImport: message('unused-import', 'nothing of this import is used'),
  duplicateName: message('duplicate-name', ({ name }: { name: string }) => `'${name}' is declared twice in this file`),
  missingDeclarationName: message(
    'missing-name',
    ({ keyword, isOther }: { keyword: string; isOther: boolean }) =>
      `expected ${isOther ? 'a plain name' : 'a name'} after '${keyword}'`,
  ),
  missingDeclarationBlock: message(
    'missing-block',
    ({ keyword, name }: { keyword: string; name: string }) => `expected '{ ... }' after '${keyword} ${name}'`,
  ),
  parametersOfOther: message(
    'unexpected-value',
    ({ keyword, name }: { keyword: string; name: string }) =>
      `only a 'block' takes parameters, not ${keyword} '${name}'`,
  ),
  blockAtTop: message(
    'misplaced-item',
    ({ keyword, owner }: { keyword: string; owner: string }) =>
      `'${keyword}' stands inside '${owner}', not at the top of a file`,
  ),
  itemAtTop: message(
    'misplaced-item',
    ({ written, isKeyword }: { written: string; isKeyword: boolean }) =>
      `'${written}' stands inside a block, not at the top of a file${
        isKeyword ? `: expected '${written} Name { ... }'` : ''
      }`,
  ),
  topLevelInBlock: message(
    'misplaced-item',
    ({ keyword }: { keyword: string }) => `'${keyword}' stands at the top of a file, not inside a block`,
  ),
  unknownTopBlock: message(
    'unknown-block',
    ({ keyword, close, known }: { keyword: string; close: string | undefined; known: readonly string[] }) =>
      `there is no block '${keyword}'${didYouMean(close)}${close === undefined ? `; a file holds ${listed(known)}` : ''}`,
  ),
  ambiguousName: message(
    'ambiguous-name',
    ({ name }: { name: string }) => `'${name}' is declared by more than one imported file`,
  ),
  wrongKind: message(
    'wrong-kind',
    ({ name, kind, wanted }: { name: string; kind: DeclarationKind; wanted: DeclarationKind }) =>
      `expected ${wanted === 'let' ? 'a value' : aKind(wanted)}, but '${name}' is ${aKind(kind)}`,
  ),
  subtractionInName: message(
    'unknown-name',
    ({ name, spaced }: { name: string; spaced: string }) =>
      `there is no '${name}'; a subtraction stands between spaces: '${spaced}'`,
  ),
  unknownName: message(
    'unknown-name',
    ({ name, kind, close }: { name: string; kind: DeclarationKind; close: string | undefined }) =>
      `there is no ${kind === 'let' ? '' : `${kind} `}'${name}'${didYouMean(close)}`,
  ),
  importableName: message(
    'unknown-name',
    ({ name, kind, library }: { name: string; kind: DeclarationKind; library: string }) =>
      `there is no ${kind === 'let' ? '' : `${kind} `}'${name}'; "${library}" declares one: import it`,
  ),
  valueOfScheduler: message(
    'unknown-name',
    ({ name, property }: { name: string; property: string }) =>
      `there is no scheduler '${name}'; it is a value of '${property}': 'scheduler { ${property}: ${name} }'`,
  ),
  unknownScheduler: message(
    'unknown-name',
    ({ name, close }: { name: string; close: string | undefined }) =>
      `there is no scheduler or burst policy '${name}'${didYouMean(close)}`,
  ),
  letCycle: message(
    'let-cycle',
    ({ name, names }: { name: string; names: readonly string[] }) => `'${name}' is defined by itself: ${chain(names)}`,
  ),
  letTooDeep: message(
    'let-cycle',
    ({ name, most, names }: { name: string; most: number; names: readonly string[] }) =>
      `'${name}' rests on more than ${most} others: ${chain(names)}`,
  ),
  extendsCycle: message(
    'extends-cycle',
    ({ name, names }: { name: string; names: readonly string[] }) => `'${name}' extends itself: ${chain(names)}`,
  ),
  extendsTooDeep: message(
    'extends-cycle',
    ({ name, most, names }: { name: string; most: number; names: readonly string[] }) =>
      `'${name}' extends more than ${most} others: ${chain(names)}`,
  ),
} satisfies MessageRegistry;

/** Related places. */
export const nameNotes = {
  declaredHere: words(({ name }: { name: string }) => `'${name}' is declared here`),
  kindDeclaredHere: words(
    ({ kind, name }: { kind: DeclarationKind; name: string }) => `${kind} '${name}' is declared here`,
  ),
} as const;
