#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  createNodeSources,
  emptyLibrary,
  findLibraryDirectory,
  type Library,
  openLibrary,
  readPanelFiles,
  readShippedText,
} from '../host/index.ts';
import { serveAgents } from './agents/offered-tools.ts';
import { renderBug } from './bug.ts';
import type { CommandContext } from './command.ts';
import { complain } from './complaint.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { interruptsOf } from './interrupts.ts';
import type { ParquetWriter } from './npm/parquet-writer.ts';
import { createProcessTerminal } from './process-terminal.ts';
import { runProgram } from './program.ts';
import { engineOn } from './real-engine.ts';

/** The bundle of the server reads standard input and ends the process with its client. */
function runServer(bundle: string): Promise<never> {
  createRequire(import.meta.filename)(bundle);
  return new Promise(() => undefined);
}

/** The bundle that only the npm package contains. */
const npmBundle = join(dirname(import.meta.filename), 'npm', 'mcp.cjs');

function loadParquetWriter(): ParquetWriter | undefined {
  if (!existsSync(npmBundle)) return undefined;
  const { parquetBytes } = createRequire(import.meta.filename)(npmBundle) as { readonly parquetBytes: ParquetWriter };
  return parquetBytes;
}

/** The bundle is part of the npm package only, because the extension for VS Code has a limit of size. */
async function runAgentServer(context: CommandContext, library: Library, worker: string): Promise<ExitCode> {
  const { terminal } = context;
  const isServed = await serveAgents(npmBundle, {
    ...context,
    newEngine: () => engineOn(createNodeSources(library), worker),
    directory: terminal.directory,
    library,
    readLibrary: (uri) => readFileSync(fileURLToPath(uri), 'utf8'),
  });
  if (isServed) return exitCodes.ok;
  const message = 'this installation does not contain the MCP server';
  return complain('mcp', false, { code: 'usage', message, hint: 'Install it with npm: npx stimpack mcp' }, terminal);
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
    const library = directory === undefined ? emptyLibrary : openLibrary(directory);
    const worker = join(dirname(import.meta.filename), 'cli-worker.cjs');
    const context: CommandContext = {
      terminal,
      engine: engineOn(createNodeSources(library), worker),
      interrupts,
      readShipped: (path) => readShippedText(import.meta.filename, path),
      startLanguageServer: () => runServer(join(dirname(import.meta.filename), 'server.cjs')),
      startAgentServer: () => runAgentServer(context, library, worker),
      loadParquetWriter,
      readStandardInput: () => readAll(process.stdin),
      readPanel: () => readPanelFiles(import.meta.filename),
    };
    return await runProgram(args, context);
  } catch (error) {
    renderBug(args, error, terminal);
    return exitCodes.bug;
  }
}

main(process.argv.slice(2)).then((code) => {
  // Sets the code instead of calling `exit`, because a pipe may still be reading the output.
  process.exitCode = code;
});
