import { optionsOf } from '../arguments.ts';
import type { Command, OptionSpec } from '../command.ts';
import { filePattern } from './values.ts';

/** A completion function for zsh, with the texts of the help. */
export function zshCompletions(commands: readonly Command[]): string {
  return `${[
    '#compdef stimpack',
    '# Completions of stimpack for zsh, made by: stimpack completions zsh',
    '_stimpack() {',
    '  local -a commands',
    '  commands=(',
    ...commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary.replaceAll(':', '\\:')}`)}`),
    '  )',
    '  if (( CURRENT == 2 )); then',
    "    _describe -t commands 'command' commands",
    '    return',
    '  fi',
    '  local command=$words[2]',
    '  shift words',
    '  (( CURRENT-- ))',
    '  case $command in',
    ...commands.flatMap((command) => [
      `    ${command.name})`,
      '      _arguments \\',
      ...optionsOf(command).flatMap((option) => optionSpecs(option).map((spec) => `        ${quoted(spec)} \\`)),
      `        ${quoted(argumentSpec(command))}`,
      '      ;;',
    ]),
    '  esac',
    '}',
    // An autoloaded file is the function itself; a sourced one registers it.
    'if [[ $funcstack[1] == _stimpack ]]; then _stimpack "$@"; else compdef _stimpack stimpack; fi',
  ].join('\n')}\n`;
}

/** One spec for each spelling. `*` allows an option again. */
function optionSpecs(option: OptionSpec): readonly string[] {
  const { name, short, value, choices, repeats, help } = option;
  const text = `[${help.replaceAll(/[[\]:]/gu, '\\$&')}]`;
  const values =
    value === undefined
      ? ''
      : `:${value.replaceAll(':', '\\:')}:${choices === undefined ? '_files' : `(${choices.join(' ')})`}`;
  const spellings = [`--${name}${value === undefined ? '' : '='}`, ...(short === undefined ? [] : [`-${short}`])];
  return spellings.map((spelling) => `${repeats === true ? '*' : ''}${spelling}${text}${values}`);
}

function argumentSpec(command: Command): string {
  const { name, many } = command.positional;
  const pattern = filePattern(command);
  const action =
    pattern.kind === 'words'
      ? `(${pattern.words.join(' ')})`
      : pattern.kind === 'none'
        ? ' '
        : pattern.extensions.length === 0
          ? '_files -/'
          : `_files -g "*.(${pattern.extensions.join('|')})"`;
  return `${many ? '*' : '1'}:${name}:${action}`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
