import { assertNever } from './assert-never.ts';

/** Why a file cannot be read. Sizes are bytes. */
export type ReadProblem =
  | { readonly kind: 'not-found' }
  | { readonly kind: 'directory' }
  /** A device, a FIFO or a socket. */
  | { readonly kind: 'not-regular' }
  | { readonly kind: 'too-large'; readonly sizeBytes: number; readonly limitBytes: number }
  | { readonly kind: 'no-permission' }
  /** A file of another name, or a link that leads to one. Messages quote the content of `.npu` files only. */
  | { readonly kind: 'not-npu' }
  /** Text in UTF-16 without a byte order mark, which an editor does not recognize either. */
  | { readonly kind: 'unmarked-utf16' }
  /** A URI that the host cannot open, such as `http:`. */
  | { readonly kind: 'unknown-scheme' }
  | { readonly kind: 'cancelled' }
  /** Any other error of the file system, with its message. */
  | { readonly kind: 'failed'; readonly detail: string };

/** A file without content: the read failed or has not finished. */
export type Unread = ReadProblem | { readonly kind: 'pending' };

/** The reason as a clause: "there is no such file". */
export function readProblemText(problem: ReadProblem): string {
  switch (problem.kind) {
    case 'not-found':
      return 'there is no such file';
    case 'directory':
      return 'it is a directory, not a file';
    case 'not-regular':
      return 'it is a device, a pipe or a socket, not a regular file';
    case 'too-large':
      return `it has ${sizeText(problem.sizeBytes)}, and the limit is ${sizeText(problem.limitBytes)}`;
    case 'no-permission':
      return 'you have no permission to read it';
    case 'not-npu':
      return 'its name must end in .npu, and a link must lead to such a file';
    case 'unmarked-utf16':
      return 'it is UTF-16 text without a byte order mark; save it as UTF-8';
    case 'unknown-scheme':
      return 'it is not a file on this machine';
    case 'cancelled':
      return 'reading was cancelled';
    case 'failed':
      return problem.detail;
    default:
      return assertNever(problem);
  }
}

const sizeUnits = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

/** "16 MiB", "7.5 GiB": powers of 1024, at most one decimal place. */
function sizeText(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(sizeUnits.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${sizeUnits[power]}`;
}
