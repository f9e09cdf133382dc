import type { Fix } from '../../design/index.ts';
import { nameMessages, nameNotes } from '../messages/index.ts';
import type { DeclarationKind } from '../schema/index.ts';
import type { Name } from '../syntax/index.ts';
import { type CheckedFile, type Declaration, namesOfKind, originOf } from './checked-file.ts';
import { fixesTo, replaceFix } from './fixes.ts';
import type { Reporter } from './reporter.ts';
import type { Scope } from './scope.ts';

/** A library file that declares the name, and the fix that imports it. */
export interface Importable {
  readonly library: string;
  readonly fix: Fix;
}

/** Finds library files that declare a name of this kind. */
export interface Library {
  importable(name: string, kind: DeclarationKind, file: CheckedFile): readonly Importable[];
}

/** Finds the declaration of a name. Reports names that are unknown, ambiguous or of the wrong kind. */
export function lookUpName(
  name: Name,
  scope: Scope,
  kind: Declaration['kind'],
  reporter: Reporter,
  library: Library,
): Declaration | undefined {
  const origin = originOf(scope.file, name);
  const found = scope.file.visible.get(name.text) ?? [];
  const fitting = found.find((declaration) => declaration.kind === kind);
  const [first, second] = found;
  const declaredHere = nameNotes.declaredHere({ name: name.text }).text;
  if (first !== undefined && second !== undefined && first.file !== scope.file) {
    reporter.report(origin, nameMessages.ambiguousName({ name: name.text }), {
      related: found.map((one) => ({ message: declaredHere, origin: one.nameOrigin })),
    });
  }
  if (fitting !== undefined) {
    scope.file.used.add(fitting);
    scope.file.facts.push({ kind: 'reference', start: name.start, end: name.end, declaration: fitting });
    return fitting;
  }
  if (first !== undefined) {
    reporter.report(origin, nameMessages.wrongKind({ name: name.text, kind: first.kind, wanted: kind }), {
      related: [{ message: declaredHere, origin: first.nameOrigin }],
    });
    scope.file.facts.push({ kind: 'reference', start: name.start, end: name.end, declaration: first });
    return undefined;
  }
  const minus = name.text.indexOf('-');
  const spaced = kind === 'let' && minus > 0 ? name.text.replace('-', ' - ') : undefined;
  if (spaced !== undefined && isLet(name.text.slice(0, minus), scope)) {
    reporter.report(origin, nameMessages.subtractionInName({ name: name.text, spaced }), {
      fixes: [replaceFix(origin, spaced)],
    });
    return undefined;
  }
  const close = reporter.suggest(name.text, () => [
    ...namesOfKind(scope.file, kind),
    ...(kind === 'let' ? (scope.parameters?.keys() ?? []) : []),
  ]);
  const imports = library.importable(name.text, kind, scope.file);
  const [from] = imports;
  const message =
    from === undefined
      ? nameMessages.unknownName({ name: name.text, kind, close })
      : nameMessages.importableName({ name: name.text, kind, library: from.library });
  reporter.report(origin, message, {
    fixes: [...imports.map((one) => one.fix), ...fixesTo(origin, close)],
  });
  return undefined;
}

function isLet(name: string, { file, parameters }: Scope): boolean {
  return parameters?.has(name) === true || file.visible.get(name)?.some(({ kind }) => kind === 'let') === true;
}
