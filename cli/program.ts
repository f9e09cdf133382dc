import { parseArguments, wantsJson } from './arguments.ts';
import type { Command, CommandContext } from './command.ts';
import { capacityCommand } from './commands/capacity.ts';
import { checkCommand } from './commands/check.ts';
import { completionsCommand } from './commands/completions.ts';
import { diffCommand } from './commands/diff.ts';
import { explainCommand } from './commands/explain.ts';
import { exploreCommand } from './commands/explore.ts';
import { fmtCommand } from './commands/fmt.ts';
import { importCommand } from './commands/import.ts';
import { initCommand } from './commands/init.ts';
import { layersCommand } from './commands/layers.ts';
import { lspCommand } from './commands/lsp.ts';
import { mcpCommand } from './commands/mcp.ts';
import { mergeCommand } from './commands/merge.ts';
import { runCommand } from './commands/run.ts';
import { schemaCommand } from './commands/schema.ts';
import { complain } from './complaint.ts';
import { didYouMean } from './did-you-mean.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { renderCommandHelp, renderProgramHelp } from './help.ts';
import { version } from './version.ts';

/** All commands. The help and the completions of shells are made from this table. */
export const commands: readonly Command[] = [
  initCommand,
  checkCommand,
  runCommand,
  layersCommand,
  capacityCommand,
  exploreCommand,
  mergeCommand,
  diffCommand,
  importCommand,
  fmtCommand,
  explainCommand,
  schemaCommand,
  lspCommand,
  mcpCommand,
  completionsCommand(() => commands),
];

const helpWords: readonly string[] = ['help', '--help', '-h'];
const versionWords: readonly string[] = ['--version', '-V', 'version'];

/**
 * Runs the whole program except for the process around it. Takes the arguments without the program name and returns the exit code. It
 * throws only if there is a bug in Stimpack.
 */
export async function runProgram(args: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  const [first, ...rest] = args;
  if (first === undefined) {
    terminal.err(renderProgramHelp(commands, version, terminal.errorLook));
    return exitCodes.badInput;
  }
  if (versionWords.includes(first)) {
    terminal.out(`stimpack ${version}\n`);
    return exitCodes.ok;
  }
  const asked = helpWords.includes(first) ? rest[0] : first;
  if (asked === undefined) {
    terminal.out(renderProgramHelp(commands, version, terminal.look));
    return exitCodes.ok;
  }
  const json = wantsJson(args);
  const command = commands.find((each) => each.name === asked);
  if (command === undefined) {
    const names = commands.map((each) => each.name);
    const kind = asked.startsWith('-') ? 'option' : 'command';
    const meant = didYouMean(asked, kind === 'option' ? ['--help', '--version'] : names);
    const message = `unknown ${kind} '${asked}'${meant}`;
    const hint = `Commands: ${names.join(', ')}. See stimpack --help.`;
    return complain(asked, json, { code: 'usage', message, hint }, terminal);
  }
  const parsed = helpWords.includes(first) ? { kind: 'help' as const } : parseArguments(command, rest);
  switch (parsed.kind) {
    case 'help':
      terminal.out(renderCommandHelp(command, terminal.look));
      return exitCodes.ok;
    case 'usage': {
      const hint = `See stimpack ${command.name} --help.`;
      return complain(command.name, json, { code: 'usage', message: parsed.message, hint }, terminal);
    }
    case 'invocation':
      return command.run(parsed.invocation, context);
  }
}
