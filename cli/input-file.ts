import { readdirSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A file that the user named: its URI, or what is wrong with it, in words. */
export type InputFile =
  | { readonly kind: 'file'; readonly name: string; readonly uri: string }
  | { readonly kind: 'problem'; readonly name: string; readonly code: string; readonly message: string };

/** As `InputFile`, of a file that need not be text. */
export type BinaryInput =
  | { readonly kind: 'file'; readonly name: string; readonly uri: string; readonly bytes: Uint8Array }
  | Extract<InputFile, { readonly kind: 'problem' }>;

/** Looks before the engine does: a path on the command line deserves a better answer than "cannot read". */
export function findInput(name: string, directory: string): InputFile {
  const input = findBinaryInput(name, directory);
  if (input.kind === 'problem') return input;
  // No text format that we read has a NUL; every binary one that one might name by mistake has.
  if (input.bytes.subarray(0, 8192).includes(0)) {
    return { kind: 'problem', name, code: 'not-text', message: `${name} is not a text file${binaryHint(name)}` };
  }
  return { kind: 'file', name, uri: input.uri };
}

export function findBinaryInput(name: string, directory: string): BinaryInput {
  const path = resolve(directory, name);
  const problem = (code: string, message: string): BinaryInput => ({ kind: 'problem', name, code, message });
  try {
    if (statSync(path).isDirectory()) return problem('not-a-file', `${name} is a directory${npuFilesIn(path)}`);
    return { kind: 'file', name, uri: pathToFileURL(path).href, bytes: readFileSync(path) };
  } catch (error) {
    return problem(...reasonOf(name, error));
  }
}

function reasonOf(name: string, error: unknown): [code: string, message: string] {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
      return ['no-such-file', `${name}: no such file`];
    case 'ENOTDIR':
      return ['no-such-file', `${name}: no such file; a part of the path is not a directory`];
    case 'EACCES':
    case 'EPERM':
      return ['unreadable-file', `${name}: no permission to read it`];
    default:
      return ['unreadable-file', `${name}: cannot be read (${error instanceof Error ? error.message : String(error)})`];
  }
}

function npuFilesIn(path: string): string {
  const files = readdirSync(path)
    .filter((file) => file.endsWith('.npu'))
    .sort();
  if (files.length === 0) return '; name a .npu file';
  const shown = files.slice(0, 5).join(', ');
  return `; name a file in it: ${shown}${files.length > 5 ? ', ...' : ''}`;
}

function binaryHint(name: string): string {
  return name.endsWith('.onnx') ? `; a .npu file takes a model from it by: model NAME from "${name}"` : '';
}
