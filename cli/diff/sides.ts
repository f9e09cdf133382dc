import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findRepository, openFileRevision, rangeEnds } from '../../host/index.ts';
import type { CommandContext } from '../command.ts';
import type { Complaint } from '../complaint.ts';
import type { Engine } from '../engine.ts';
import { standardInputArgument } from '../input/named-files.ts';
import type { Setting } from '../input/settings.ts';
import { designAt, type ReadDesign, readDesign } from '../open-design.ts';

/** One of the two designs that `stimpack diff` compares. */
export interface DiffSide {
  /** For people: "rush.npu", or "rush.npu at HEAD~1". */
  readonly label: string;
  /** As written on the command line. */
  readonly file: string;
  /** null: the file on the disk. */
  readonly revision: { readonly name: string; readonly commit: string } | null;
  readonly read: ReadDesign;
  readonly engine: Engine;
  /** Files of a revision that were read from the disk, because git does not track them. */
  readonly fromDisk: ReadonlySet<string>;
}

export interface DiffSides {
  readonly before: DiffSide;
  readonly after: DiffSide;
}

/** Reads both designs. `revisions`: the value of `--rev`. */
export async function openSides(
  files: readonly string[],
  revisions: string | undefined,
  settings: readonly Setting[],
  context: CommandContext,
): Promise<DiffSides | Complaint> {
  const [first = '', second] = files;
  if (revisions === undefined) {
    if (second === undefined || files.length > 2) {
      const message = `'diff' compares two files, but got ${files.length}; for two revisions of one file, add --rev R1..R2`;
      return { code: 'usage', message };
    }
    if (first === standardInputArgument && second === standardInputArgument)
      return { code: 'usage', message: "only one of the two files can be '-', standard input" };
    return bothOf(await diskSide(first, settings, context), () => diskSide(second, settings, context));
  }
  if (second !== undefined) {
    return { code: 'usage', message: `'--rev' compares revisions of one file, but got ${files.length} files` };
  }
  if (first === standardInputArgument)
    return { code: 'usage', message: "'--rev' needs a file in a git repository, not '-', standard input" };
  const repository = await findRepository(resolve(context.terminal.directory, first));
  if ('problem' in repository) return { code: 'no-repository', message: repository.problem, file: first };
  const range = await rangeEnds(repository.root, revisions);
  if (range !== undefined && 'problem' in range)
    return { code: 'unknown-revision', message: range.problem, file: first };
  const revisionSide = (name: string) => gitSide(first, repository.root, name, settings, context);
  return bothOf(await revisionSide(range?.before ?? revisions), () =>
    range === undefined ? diskSide(first, settings, context) : revisionSide(range.after),
  );
}

async function bothOf(
  before: DiffSide | Complaint,
  openAfter: () => Promise<DiffSide | Complaint>,
): Promise<DiffSides | Complaint> {
  if ('code' in before) return before;
  const after = await openAfter();
  return 'code' in after ? after : { before, after };
}

async function diskSide(
  file: string,
  settings: readonly Setting[],
  context: CommandContext,
): Promise<DiffSide | Complaint> {
  const read = await readDesign(file, settings, context);
  if (read.kind === 'complaint') return read.complaint;
  return { label: file, file, revision: null, read, engine: context.engine, fromDisk: new Set() };
}

async function gitSide(
  file: string,
  root: string,
  name: string,
  settings: readonly Setting[],
  { terminal, engine: disk }: CommandContext,
): Promise<DiffSide | Complaint> {
  const { href: uri } = pathToFileURL(resolve(terminal.directory, file));
  const opened = await openFileRevision(root, name, uri, file);
  if ('problem' in opened) return { code: opened.code, message: opened.problem, file };
  const { commit, reader, fromDisk } = opened;
  const label = `${file} at ${name}`;
  const engine = disk.readingFrom(reader);
  const read = await designAt(uri, label, settings, { engine, terminal });
  if (read.kind === 'complaint') return read.complaint;
  return { label, file, revision: { name, commit }, read, engine, fromDisk };
}
