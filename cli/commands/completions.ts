import type { Command } from '../command.ts';
import { complain } from '../complaint.ts';
import { bashCompletions } from '../completions/bash.ts';
import { fishCompletions } from '../completions/fish.ts';
import { zshCompletions } from '../completions/zsh.ts';
import { didYouMean } from '../did-you-mean.ts';
import { exitCodes } from '../exit-code.ts';

const shells = { bash: bashCompletions, zsh: zshCompletions, fish: fishCompletions } as const;

/** `all` returns every command, this one included, because the completions are made from the table of commands. */
export function completionsCommand(all: () => readonly Command[]): Command {
  return {
    name: 'completions',
    summary: 'print the completions for bash, zsh or fish',
    description:
      'Prints a script that completes commands, options and their values in a shell. In bash: source <(stimpack completions bash). In zsh: ' +
      'write it to a file _stimpack in a folder of $fpath. In fish: write it to ~/.config/fish/completions/stimpack.fish.',
    positional: { name: 'SHELL', many: false, help: `${Object.keys(shells).join(', ')}` },
    options: [],
    examples: [
      'stimpack completions bash > ~/.local/share/bash-completion/completions/stimpack',
      'stimpack completions zsh > ~/.zfunc/_stimpack',
      'stimpack completions fish > ~/.config/fish/completions/stimpack.fish',
    ],
    run: async ({ positionals: [shell = ''] }, { terminal }) => {
      const names = Object.keys(shells) as (keyof typeof shells)[];
      const known = names.find((name) => name === shell);
      if (known === undefined) {
        const message = `no completions for '${shell}'${didYouMean(shell, names)}; there is ${names.join(', ')}`;
        return complain('completions', false, { code: 'usage', message }, terminal);
      }
      terminal.out(shells[known](all()));
      return exitCodes.ok;
    },
  };
}
