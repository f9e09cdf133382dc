import { optionsOf } from '../arguments.ts';
import type { Command } from '../command.ts';
import { filePattern } from './values.ts';

/** Completions for fish, with the texts of the help. */
export function fishCompletions(commands: readonly Command[]): string {
  return `${[
    '# Completions of stimpack for fish, made by: stimpack completions fish',
    'complete -c stimpack -f',
    ...commands.map(
      ({ name, summary }) => `complete -c stimpack -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
    ),
    ...commands.flatMap((command) => {
      const here = `complete -c stimpack -n ${quoted(`__fish_seen_subcommand_from ${command.name}`)}`;
      const options = optionsOf(command).map(({ name, short, value, choices, help }) =>
        [
          here,
          short === undefined ? '' : `-s ${short}`,
          `-l ${name}`,
          value === undefined ? '' : choices === undefined ? '-r -F' : `-x -a ${quoted(choices.join(' '))}`,
          `-d ${quoted(help)}`,
        ]
          .filter((part) => part !== '')
          .join(' '),
      );
      const pattern = filePattern(command);
      if (pattern.kind === 'none') return options;
      const values =
        pattern.kind === 'words'
          ? pattern.words.join(' ')
          : pattern.extensions.length === 0
            ? '(__fish_complete_directories)'
            : `(${pattern.extensions.map((extension) => `__fish_complete_suffix .${extension}`).join('; ')})`;
      return [...options, `${here} -a ${quoted(values)}`];
    }),
  ].join('\n')}\n`;
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
