import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Complaint } from '../complaint.ts';
import { filesOfPattern, isPattern, npuFilesBelow } from './glob.ts';

/** The files that the arguments of a command name, in their order and each once, and the arguments that name none. */
export interface NamedFiles {
  readonly names: readonly string[];
  readonly complaints: readonly Complaint[];
  /** Whether an argument is a folder or a pattern, or there are several: the result is then a list, even of one file. */
  readonly isList: boolean;
}

/** `-` is standard input. */
export const standardInputArgument = '-';

/**
 * Replaces folders and patterns by their files. A file whose name contains characters of a pattern is that file. The shell of some systems
 * does not expand patterns, and a quoted pattern can contain `**` in every shell.
 */
export async function namedFiles(given: readonly string[], directory: string): Promise<NamedFiles> {
  const names = new Set<string>();
  const complaints: Complaint[] = [];
  let isList = given.length > 1;
  for (const name of given) {
    const status =
      name === standardInputArgument ? undefined : await stat(resolve(directory, name)).catch(() => undefined);
    if (status?.isDirectory() === true) {
      isList = true;
      const files = await npuFilesBelow(name, directory);
      if (files.length === 0) complaints.push(noMatch(`${name} contains no .npu file`, name));
      for (const file of files) names.add(file);
    } else if (status === undefined && isPattern(name)) {
      isList = true;
      const files = await filesOfPattern(name, directory);
      if (files.length === 0) complaints.push(noMatch(`no file matches ${name}`, name));
      for (const file of files) names.add(file);
    } else names.add(name);
  }
  return { names: [...names], complaints, isList };
}

function noMatch(message: string, file: string): Complaint {
  return {
    code: 'no-match',
    message,
    file,
    hint: 'Name a .npu file, a folder that contains one, or - for standard input.',
  };
}
