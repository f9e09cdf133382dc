import { exitCodes } from './exit-code.ts';
import { safeLine, safeOutput } from './render/safe-lines.ts';
import { lookOf, type Terminal } from './terminal.ts';

const progressDelayMilliseconds = 400;
const progressIntervalMilliseconds = 80;
const eraseLine = '\r\u001b[K';

/** The terminal or pipe of this process. `readerLeft` is called when the program that reads standard output has exited (`| head`). */
export function createProcessTerminal(target: NodeJS.Process, readerLeft: () => void): Terminal {
  for (const stream of [target.stdout, target.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') {
        // The remaining output is lost, but the exit code of finished work is still valid.
        if (stream === target.stdout) readerLeft();
        return;
      }
      if (stream === target.stdout) target.stderr.write(`error[cannot-write]: standard output: ${error.message}\n`);
      target.exit(exitCodes.badInput);
    });
  }
  const look = lookOf(target.stdout, target.env);
  const errorLook = lookOf(target.stderr, target.env);
  return {
    out: (text) => void target.stdout.write(safeOutput(text, look.colour)),
    err: (text) => void target.stderr.write(safeOutput(text, errorLook.colour)),
    look,
    errorLook,
    progress: errorLook.plots ? progressOn(target, errorLook.colour) : null,
    directory: target.cwd(),
  };
}

/** Redraws the last line, but not too often, and not at all for short work. '' erases it. */
function progressOn(target: NodeJS.Process, colour: boolean): (line: string) => void {
  const start = performance.now();
  let drawnAt = 0;
  let drawn = false;
  return (line) => {
    if (line === '') {
      if (drawn) target.stderr.write(eraseLine);
      drawn = false;
      return;
    }
    const now = performance.now();
    if (now - start < progressDelayMilliseconds || now - drawnAt < progressIntervalMilliseconds) return;
    drawnAt = now;
    drawn = true;
    target.stderr.write(eraseLine + safeOutput(safeLine(line), colour));
  };
}
