import { createNodeHost, emptyLibrary, findLibraryDirectory, openLibrary } from '../host/index.ts';
import { renderBug } from './bug.ts';
import { exitCodes } from './exit-code.ts';
import { createProcessTerminal } from './process-terminal.ts';
import { runProgram } from './program.ts';
import { engineOn } from './real-engine.ts';

const terminal = createProcessTerminal(process);
const args = process.argv.slice(2);
try {
  const directory = findLibraryDirectory(import.meta.url);
  const host = createNodeHost(directory === undefined ? emptyLibrary : openLibrary(directory));
  // The code is set and not exited with: a pipe may still be taking what was written.
  process.exitCode = await runProgram(args, { terminal, engine: engineOn(host) });
} catch (error) {
  renderBug(args, error, terminal);
  process.exitCode = exitCodes.bug;
}
