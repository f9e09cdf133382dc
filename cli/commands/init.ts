import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { starterDesign } from '../../protocol/index.ts';
import type { Command, CommandContext, Invocation } from '../command.ts';
import { complain } from '../complaint.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { writeOutput } from '../output-file.ts';
import { reportOf } from '../render/safe-lines.ts';

const usualName = 'design.npu';

export const initCommand: Command = {
  name: 'init',
  summary: 'write a small design to start from',
  description:
    `Writes a design that runs: a chip, a network, its traffic and an objective. The file is ${usualName} unless you name another one. ` +
    'A file that exists is never changed. Exit codes: 0 for success, 2 if the file exists or cannot be written.',
  positional: { name: 'FILE', many: false, optional: true, help: `the file to write; ${usualName} by default` },
  options: [],
  examples: ['stimpack init', 'stimpack init designs/edge.npu'],
  run: init,
};

async function init({ positionals }: Invocation, { terminal }: CommandContext): Promise<ExitCode> {
  const [name = usualName] = positionals;
  if (!name.endsWith('.npu')) {
    const message = `'init' writes a .npu file, but got '${name}'; try ${name}.npu`;
    return complain('init', false, { code: 'usage', message }, terminal);
  }
  if (existsSync(resolve(terminal.directory, name))) {
    const message = `cannot write ${name}: it exists already, and 'init' changes no file; name another one`;
    return complain('init', false, { code: 'cannot-write', message, file: name }, terminal);
  }
  const trouble = writeOutput(name, terminal.directory, starterDesign.replaceAll(usualName, name), []);
  if (trouble !== undefined) return complain('init', false, trouble, terminal);
  terminal.out(reportOf([`${name} is written. Next: stimpack run ${name}`]));
  return exitCodes.ok;
}
