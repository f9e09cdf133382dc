import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ReadProblem, readProblemText } from '../design/index.ts';
import { decodeUtf16, isUnmarkedUtf16, type ReadPurpose, readLimits } from '../engine/index.ts';
import { readNpuPath, readPath } from '../host/index.ts';
import type { ComplaintCode } from './messages.ts';

interface InputProblem {
  readonly kind: 'problem';
  readonly name: string;
  readonly code: ComplaintCode;
  readonly message: string;
}

/** A file that the user named, with its content, or a description of the problem. */
export type InputFile =
  | { readonly kind: 'file'; readonly name: string; readonly uri: string; readonly bytes: Uint8Array }
  | InputProblem;

/**
 * Finds a .npu file. It checks the path before the engine does, because a path on the command line deserves a better message than "cannot
 * read".
 */
export async function findInput(name: string, directory: string): Promise<InputFile> {
  const input = await readInput(name, directory, 'npu');
  // No text format that we read contains a NUL byte. Binary files that a user might name by mistake contain one.
  if (input.kind !== 'file' || !input.bytes.subarray(0, 8192).includes(0) || decodeUtf16(input.bytes) !== undefined)
    return input;
  const message = isUnmarkedUtf16(input.bytes)
    ? `cannot read ${name}: ${readProblemText({ kind: 'unmarked-utf16' })}`
    : `${name} is not a text file`;
  return { kind: 'problem', name, code: 'not-text', message };
}

/** Reads a file of any kind. `purpose` limits its size. */
export async function readInput(name: string, directory: string, purpose: ReadPurpose): Promise<InputFile> {
  const path = resolve(directory, name);
  const read = await (purpose === 'npu' ? readNpuPath : readPath)(path, readLimits[purpose]);
  if (read.kind === 'read') return { kind: 'file', name, uri: pathToFileURL(path).href, bytes: read.value };
  const hint = read.kind === 'directory' ? await npuFilesIn(path) : read.kind === 'not-npu' ? modelHint(name) : '';
  return { kind: 'problem', name, code: codeOf(read), message: `cannot read ${name}: ${readProblemText(read)}${hint}` };
}

function codeOf(problem: ReadProblem): ComplaintCode {
  if (problem.kind === 'not-found') return 'no-such-file';
  return problem.kind === 'directory' || problem.kind === 'not-regular' ? 'not-a-file' : 'unreadable-file';
}

async function npuFilesIn(path: string): Promise<string> {
  const names = await readdir(path).catch(() => []);
  const files = names.filter((file) => file.endsWith('.npu')).sort();
  if (files.length === 0) return '; name a .npu file';
  const shown = files.slice(0, 5).join(', ');
  return `; name a file in it: ${shown}${files.length > 5 ? ', ...' : ''}`;
}

function modelHint(name: string): string {
  return name.endsWith('.onnx') ? `; a .npu file takes a model from it by: model NAME from "${name}"` : '';
}
