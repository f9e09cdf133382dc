import type { Origin } from '../../design/index.ts';
import type { Declaration, Fact } from '../check/checked-file.ts';
import { aKind } from '../messages/index.ts';
import type { Program, SourceFile } from '../program.ts';

/** The facts at an offset. A cursor directly after a word counts as on the word. */
export function factsAt(file: SourceFile, offset: number): readonly Fact[] {
  return file.facts().filter((fact) => fact.start <= offset && offset <= fact.end);
}

/** The meaning of a name: a declaration, or a label or parameter, identified by the place that introduces it. */
export type Target =
  | { readonly kind: 'declaration'; readonly declaration: Declaration }
  | { readonly kind: 'label'; readonly name: string; readonly origin: Origin };

export function targetAt(
  program: Program,
  uri: string,
  offset: number,
): (Target & { readonly start: number; readonly end: number }) | undefined {
  const file = program.files.get(uri);
  if (file === undefined) return undefined;
  for (const fact of factsAt(file, offset)) {
    const { start, end } = fact;
    if (fact.kind === 'reference' || fact.kind === 'declaration') {
      return { kind: 'declaration', declaration: fact.declaration, start, end };
    }
    if (fact.kind === 'label') return { kind: 'label', name: fact.name, origin: fact.target, start, end };
  }
  return undefined;
}

/** The declaration of the name at a place. For an import, the imported file. */
export function definitionAt(program: Program, uri: string, offset: number): Origin | undefined {
  const target = targetAt(program, uri, offset);
  if (target !== undefined) return target.kind === 'declaration' ? target.declaration.nameOrigin : target.origin;
  const file = program.files.get(uri);
  const imported = file && factsAt(file, offset).find((fact) => fact.kind === 'import');
  return imported?.kind === 'import' ? { uri: imported.uri, start: 0, end: 0 } : undefined;
}

/** Every place in the files of these programs that has the same meaning as the name at a place, including its declaration. */
export function referencesAt(
  programs: readonly Program[],
  program: Program,
  uri: string,
  offset: number,
): readonly Origin[] {
  const target = targetAt(program, uri, offset);
  if (target === undefined) return [];
  const home = target.kind === 'declaration' ? target.declaration.nameOrigin : target.origin;
  const found = new Map<string, Origin>([[keyOf(home), home]]);
  for (const one of new Set([program, ...programs])) {
    for (const file of one.files.values()) {
      for (const fact of file.facts()) {
        const meant =
          fact.kind === 'reference' || fact.kind === 'declaration'
            ? fact.declaration.nameOrigin
            : fact.kind === 'label'
              ? fact.target
              : undefined;
        if (meant === undefined || keyOf(meant) !== keyOf(home)) continue;
        const origin = { uri: file.uri, start: fact.start, end: fact.end };
        found.set(keyOf(origin), origin);
      }
    }
  }
  return [...found.values()].sort((a, b) => (a.uri === b.uri ? a.start - b.start : a.uri < b.uri ? -1 : 1));
}

/**
 * The reason why a rename is impossible: the new name already has another meaning at one of `places`, where the name occurs. undefined if the
 * rename is possible.
 */
export function renameConflict(
  programs: readonly Program[],
  target: Target,
  newName: string,
  places: readonly Origin[],
): string | undefined {
  const name = target.kind === 'declaration' ? target.declaration.name : target.name;
  if (newName === name) return undefined;
  if (target.kind === 'label') return labelConflict(programs, target.origin, name, newName);
  for (const program of programs) {
    for (const uri of new Set(places.map((place) => place.uri))) {
      const file = program.files.get(uri);
      if (file === undefined) continue;
      const other = program.declarations(uri).find((one) => one.name === newName);
      if (other !== undefined) return `there is ${aKind(other.kind)} '${newName}' already, seen by ${fileName(uri)}`;
    }
  }
  return undefined;
}

/** Labels and parameters are visible only inside one top-level declaration. */
function labelConflict(
  programs: readonly Program[],
  target: Origin,
  name: string,
  newName: string,
): string | undefined {
  if (name === 'input') return "'input' is what comes into the network: it keeps its name";
  for (const program of programs) {
    const file = program.files.get(target.uri);
    const home = file?.tree.root.items.find((item) => item.start <= target.start && target.end <= item.end);
    if (file === undefined || home === undefined) continue;
    const taken = file
      .facts()
      .some(
        (fact) => fact.kind === 'label' && fact.name === newName && fact.start >= home.start && fact.end <= home.end,
      );
    if (taken || newName === 'input') return `there is '${newName}' already`;
  }
  return undefined;
}

function fileName(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
}

function keyOf(origin: Origin): string {
  return `${origin.start} ${origin.end} ${origin.uri}`;
}

/** Whether a text is a valid name. */
export function isName(text: string): boolean {
  return /^[\p{L}_][\p{L}\d_]*(?:-[\p{L}\d_]+)*$/u.test(text);
}
