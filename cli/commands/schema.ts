import type { Command, CommandContext, Invocation } from '../command.ts';
import { complain } from '../complaint.ts';
import { didYouMean } from '../did-you-mean.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { describedCommands, documentSchema } from '../json/schemas/index.ts';
import { reportOf } from '../render/safe-lines.ts';

export const schemaCommand: Command = {
  name: 'schema',
  summary: 'print the JSON Schema of the output of a command',
  description:
    'Prints the JSON Schema (draft 2020-12) of the document that a command prints with --format json. Without a command, it lists the ' +
    'commands that have one. Exit codes: 0 for success, 2 for a command without a schema.',
  positional: { name: 'COMMAND', many: false, optional: true, help: `one of ${describedCommands.join(', ')}` },
  options: [],
  examples: ['stimpack schema run > run.schema.json', 'stimpack schema'],
  run: schema,
};

async function schema({ positionals: [name] }: Invocation, { terminal }: CommandContext): Promise<ExitCode> {
  const command = describedCommands.find((each) => each === name);
  if (command !== undefined) terminal.out(`${JSON.stringify(documentSchema(command), null, 2)}\n`);
  else if (name === undefined) terminal.out(reportOf(describedCommands));
  else {
    const message = `'${name}' prints no JSON document${didYouMean(name, describedCommands)}`;
    const hint = `Commands with a schema: ${describedCommands.join(', ')}.`;
    return complain('schema', false, { code: 'usage', message, hint }, terminal);
  }
  return exitCodes.ok;
}
