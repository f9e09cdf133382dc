// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are lines of bash, whose variables have the same form.
import { optionsOf } from '../arguments.ts';
import type { Command, OptionSpec } from '../command.ts';
import { filePattern } from './values.ts';

const flag = ({ name }: OptionSpec): string => `--${name}`;

/** A completion function for bash 4 and later, which needs no other package. */
export function bashCompletions(commands: readonly Command[]): string {
  const names = commands.map(({ name }) => name);
  return `${[
    '# Completions of stimpack for bash, made by: stimpack completions bash',
    '_stimpack() {',
    '  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}"',
    "  local IFS=$'\\n'",
    '  COMPREPLY=()',
    '  if [[ $COMP_CWORD -eq 1 ]]; then',
    `    COMPREPLY=($(compgen -W $'${[...names, '--help', '--version'].join('\\n')}' -- "$current"))`,
    '    return',
    '  fi',
    '  case "${COMP_WORDS[1]} $previous" in',
    ...commands.flatMap((command) => optionsOf(command).flatMap((option) => valueCase(command, option))),
    '  esac',
    '  if [[ $current == -* ]]; then',
    '    case "${COMP_WORDS[1]}" in',
    ...commands.map(
      (command) =>
        `      ${command.name}) COMPREPLY=($(compgen -W $'${optionsOf(command).map(flag).join('\\n')}' -- "$current")) ;;`,
    ),
    '    esac',
    '    return',
    '  fi',
    '  case "${COMP_WORDS[1]}" in',
    ...commands.map((command) => `    ${command.name}) ${argumentsOf(command)} ;;`),
    '  esac',
    '}',
    'complete -o filenames -o bashdefault -F _stimpack stimpack',
  ].join('\n')}\n`;
}

/** The value after an option: one of its choices, or a file. */
function valueCase({ name }: Command, option: OptionSpec): readonly string[] {
  if (option.value === undefined) return [];
  const words = [flag(option), ...(option.short === undefined ? [] : [`-${option.short}`])];
  const reply =
    option.choices === undefined
      ? 'COMPREPLY=($(compgen -f -- "$current"))'
      : `COMPREPLY=($(compgen -W $'${option.choices.join('\\n')}' -- "$current"))`;
  return [`    ${words.map((word) => `"${name} ${word}"`).join('|')}) ${reply}; return ;;`];
}

function argumentsOf(command: Command): string {
  const pattern = filePattern(command);
  if (pattern.kind === 'words') return `COMPREPLY=($(compgen -W $'${pattern.words.join('\\n')}' -- "$current"))`;
  if (pattern.kind === 'none') return ':';
  const folders = '$(compgen -d -- "$current")';
  if (pattern.extensions.length === 0) return `COMPREPLY=(${folders})`;
  const filter = `!*.@(${pattern.extensions.join('|')})`;
  return `local extended=$(shopt -p extglob); shopt -s extglob; COMPREPLY=($(compgen -f -X '${filter}' -- "$current") ${folders}); eval "$extended"`;
}
