#!/usr/bin/env node
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  createNodeSources,
  emptyLibrary,
  findLibraryDirectory,
  openLibrary,
  readPanelFiles,
  readShippedText,
} from '../host/index.ts';
import { renderBug } from './bug.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { interruptsOf } from './interrupts.ts';
import { createProcessTerminal } from './process-terminal.ts';
import { runProgram } from './program.ts';
import { engineOn } from './real-engine.ts';

/** The bundle of the server reads standard input and ends the process with its client. */
function runServer(bundle: string): Promise<never> {
  createRequire(import.meta.filename)(bundle);
  return new Promise(() => undefined);
}

async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function main(args: readonly string[]): Promise<ExitCode> {
  const interrupts = interruptsOf(process);
  const terminal = createProcessTerminal(process, interrupts.readerLeft);
  try {
    const directory = findLibraryDirectory(import.meta.filename);
    const sources = createNodeSources(directory === undefined ? emptyLibrary : openLibrary(directory));
    return await runProgram(args, {
      terminal,
      engine: engineOn(sources, join(dirname(import.meta.filename), 'cli-worker.cjs')),
      interrupts,
      readShipped: (path) => readShippedText(import.meta.filename, path),
      startLanguageServer: () => runServer(join(dirname(import.meta.filename), 'server.cjs')),
      readStandardInput: () => readAll(process.stdin),
      readPanel: () => readPanelFiles(import.meta.filename),
    });
  } catch (error) {
    renderBug(args, error, terminal);
    return exitCodes.bug;
  }
}

main(process.argv.slice(2)).then((code) => {
  // Sets the code instead of calling `exit`, because a pipe may still be reading the output.
  process.exitCode = code;
});
