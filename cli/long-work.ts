import type { CommandContext } from './command.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { plainDiagnosticJson } from './json/diagnostics.ts';
import { renderDocument } from './json/document.ts';
import { renderProgress } from './render/progress.ts';
import { reportOf } from './render/safe-lines.ts';
import { wrap } from './render/text-width.ts';

/** The part of the work that is `done`, for the progress line. */
export interface ProgressShown {
  readonly name: string;
  readonly fraction: number;
}

/** The line is drawn at least this often, because a simulation reports nothing while it builds its tables. */
const redrawMilliseconds = 200;

/** A program that ends after the first line that it reads (`head -1`) has ended by then. Our assumption. */
const underWayMilliseconds = 300;

/**
 * Does work that a signal can stop. If `err` is a terminal, it shows a progress line until the work ends. `whenUnderWay` is called a moment
 * after the start, unless the work has ended.
 */
export async function longWork<T>(
  context: CommandContext,
  shown: (done: number) => ProgressShown,
  work: (onProgress: (done: number) => void, stop: AbortSignal) => Promise<T>,
  whenUnderWay: () => void = () => undefined,
): Promise<T> {
  const timer = setTimeout(whenUnderWay, underWayMilliseconds);
  try {
    return await withProgress(context, shown, work);
  } finally {
    clearTimeout(timer);
  }
}

async function withProgress<T>(
  { terminal, interrupts }: CommandContext,
  shown: (done: number) => ProgressShown,
  work: (onProgress: (done: number) => void, stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const { progress, errorLook } = terminal;
  if (progress === null) return interrupts.during((stop) => work(() => undefined, stop));
  let done = 0;
  const draw = (): void => {
    const { name, fraction } = shown(done);
    progress(renderProgress(name, fraction, errorLook));
  };
  const redrawing = setInterval(draw, redrawMilliseconds);
  try {
    return await interrupts.during((stop) => {
      const onProgress = (now: number): void => {
        done = now;
        if (!stop.aborted) draw();
      };
      return work(onProgress, stop);
    });
  } finally {
    clearInterval(redrawing);
    progress('');
  }
}

/**
 * The blank line between two reports, printed once. A run prints it while its second simulation is under way: a program can detect only by writing
 * that the reader of its output has ended (`| head -1`). Then nothing more needs to be simulated.
 */
export function blankLine({ terminal }: CommandContext, isNeeded: boolean): () => void {
  let isPrinted = !isNeeded;
  return () => {
    if (!isPrinted) terminal.out('\n');
    isPrinted = true;
  };
}

/**
 * Reports what was stopped and which results remain: to people on `err`, to scripts as a document on `out`. Returns the exit code of the
 * signal.
 */
export function reportStopped(
  command: string,
  json: boolean,
  message: string,
  { terminal, interrupts }: CommandContext,
): ExitCode {
  const exitCode = interrupts.exitCode ?? exitCodes.interrupted;
  if (json) terminal.out(renderDocument(command, exitCode, { diagnostics: [stoppedJson(message)] }));
  else terminal.err(stoppedText(message, terminal.errorLook.width));
  return exitCode;
}

export function stoppedText(message: string, width: number): string {
  const [first = '', ...rest] = wrap(`stopped: ${message}`, width - 2);
  return reportOf([first, ...rest.map((line) => `  ${line}`)]);
}

export function stoppedJson(message: string): ReturnType<typeof plainDiagnosticJson> {
  return plainDiagnosticJson('stopped', message, null);
}
