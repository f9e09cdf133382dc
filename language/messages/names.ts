import { listed, type MessageRegistry, message, words } from '../../design/index.ts';
import type { DeclarationKind } from '../schema/index.ts';
import { aKind, chain, didYouMean } from './wording.ts';

/** Files, their imports and declarations, and the names that refer to them. `close`: the known name that is most like the written one. */
export const nameMessages = {
  unreadableFile: message(
    'unreadable-file',
    ({ uri, reason }: { uri: string; reason: string }) => `Cannot read ${uri}: ${reason}.`,
  ),
  unreadableImport: message(
    'unreadable-file',
    ({ name, reason }: { name: string; reason: string }) => `Cannot read '${name}': ${reason}.`,
  ),
  importCycle: message(
    'import-cycle',
    ({ files }: { files: readonly string[] }) =>
      `This import makes a cycle: ${chain(files)}. Remove one of these imports.`,
  ),
  missingFile: message(
    'unknown-import',
    ({ name }: { name: string }) => `Cannot read '${name}': there is no such file.`,
  ),
  importOfOtherKind: message('unknown-import', ({ name }: { name: string }) => {
    const way = /\.onnx$/iu.test(name) ? ` To read a network, write 'model NAME from "${name}"'.` : '';
    return `Cannot import '${name}'. The name of an imported file must end in .npu.${way}`;
  }),
  fileWithoutDot: message(
    'unknown-import',
    ({ name }: { name: string }) =>
      `'${name}' is not in the library. To import your own file, start its name with './'.`,
  ),
  unknownLibrary: message(
    'unknown-import',
    ({ name, close, known }: { name: string; close: string | undefined; known: readonly string[] }) => {
      const list = close === undefined && known.length > 0 ? ` It has: ${listed(known)}.` : '';
      return `The library has no '${name}'.${didYouMean(close)}${list}`;
    },
  ),
  unusedDeclaration: message('unused-declaration', ({ name }: { name: string }) => `'${name}' is not used.`),
  unusedImport: message('unused-import', 'Nothing from this import is used.'),
  duplicateName: message(
    'duplicate-name',
    ({ name }: { name: string }) => `'${name}' is declared twice in this file. Rename one of the two.`,
  ),
  missingDeclarationName: message(
    'missing-name',
    ({ keyword, isOther }: { keyword: string; isOther: boolean }) =>
      `Expected ${isOther ? 'a plain name' : 'a name'} after '${keyword}'.`,
  ),
  missingDeclarationBlock: message(
    'missing-block',
    ({ keyword, name }: { keyword: string; name: string }) => `Expected '{ ... }' after '${keyword} ${name}'.`,
  ),
  parametersOfOther: message(
    'unexpected-value',
    ({ keyword, name }: { keyword: string; name: string }) =>
      `Only a 'block' can have parameters. Remove them from ${keyword} '${name}'.`,
  ),
  blockAtTop: message(
    'misplaced-item',
    ({ keyword, owner }: { keyword: string; owner: string }) =>
      `'${keyword}' is allowed only inside '${owner}', not at the top of a file.`,
  ),
  itemAtTop: message('misplaced-item', ({ written, isKeyword }: { written: string; isKeyword: boolean }) =>
    isKeyword
      ? `'${written}' cannot be set at the top of a file. Expected '${written} Name { ... }'.`
      : `'${written}' is allowed only inside a block, not at the top of a file.`,
  ),
  topLevelInBlock: message(
    'misplaced-item',
    ({ keyword }: { keyword: string }) => `'${keyword}' is allowed only at the top of a file, not inside a block.`,
  ),
  unknownTopBlock: message(
    'unknown-block',
    ({ keyword, close, known }: { keyword: string; close: string | undefined; known: readonly string[] }) =>
      `There is no block '${keyword}'.${didYouMean(close)}${close === undefined ? ` A file can contain: ${listed(known)}.` : ''}`,
  ),
  ambiguousName: message(
    'ambiguous-name',
    ({ name }: { name: string }) =>
      `'${name}' is declared in more than one imported file. Rename one of the declarations, or remove an import.`,
  ),
  wrongKind: message(
    'wrong-kind',
    ({ name, kind, wanted }: { name: string; kind: DeclarationKind; wanted: DeclarationKind }) =>
      `Expected ${wanted === 'let' ? 'a value' : aKind(wanted)}, but '${name}' is ${aKind(kind)}.`,
  ),
  subtractionInName: message(
    'unknown-name',
    ({ name, spaced }: { name: string; spaced: string }) =>
      `There is no '${name}'. A subtraction needs spaces: '${spaced}'.`,
  ),
  unknownName: message(
    'unknown-name',
    ({ name, kind, close }: { name: string; kind: DeclarationKind; close: string | undefined }) =>
      `There is no ${kind === 'let' ? '' : `${kind} `}'${name}'.${didYouMean(close)}`,
  ),
  importableName: message(
    'unknown-name',
    ({ name, kind, library }: { name: string; kind: DeclarationKind; library: string }) =>
      `There is no ${kind === 'let' ? '' : `${kind} `}'${name}' here. Import "${library}", which declares it.`,
  ),
  valueOfScheduler: message(
    'unknown-name',
    ({ name, property }: { name: string; property: string }) =>
      `There is no scheduler '${name}'. It is a value of '${property}': write 'scheduler { ${property}: ${name} }'.`,
  ),
  unknownScheduler: message(
    'unknown-name',
    ({ name, close }: { name: string; close: string | undefined }) =>
      `There is no scheduler or burst policy '${name}'.${didYouMean(close)}`,
  ),
  letCycle: message(
    'let-cycle',
    ({ name, names }: { name: string; names: readonly string[] }) => `'${name}' depends on itself: ${chain(names)}.`,
  ),
  letTooDeep: message(
    'let-cycle',
    ({ name, most, names }: { name: string; most: number; names: readonly string[] }) =>
      `'${name}' depends on more than ${most} other values: ${chain(names)}.`,
  ),
  extendsCycle: message(
    'extends-cycle',
    ({ name, names }: { name: string; names: readonly string[] }) => `'${name}' extends itself: ${chain(names)}.`,
  ),
  extendsTooDeep: message(
    'extends-cycle',
    ({ name, most, names }: { name: string; most: number; names: readonly string[] }) =>
      `'${name}' extends a chain of more than ${most} npus: ${chain(names)}.`,
  ),
} satisfies MessageRegistry;

/** Notes at related places. */
export const nameNotes = {
  declaredHere: words(({ name }: { name: string }) => `'${name}' is declared here.`),
  kindDeclaredHere: words(
    ({ kind, name }: { kind: DeclarationKind; name: string }) => `The ${kind} '${name}' is declared here.`,
  ),
} as const;
