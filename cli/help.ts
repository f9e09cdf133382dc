import { optionsOf } from './arguments.ts';
import type { Command, OptionSpec } from './command.ts';
import { paintFor } from './render/paint.ts';
import { joinLines, padEnd, wrap } from './render/text-width.ts';
import type { Look } from './terminal.ts';

const defaultWidth = 100;
const program = 'stimpack';

/** The usage lines: as few as the width allows, with each option in one piece. */
function synopsis(command: Command, width: number): string[] {
  const { name, many, optional } = command.positional;
  const words = many ? `${name}...` : name;
  const file = optional === true ? `[${words}]` : words;
  const options = command.options.map((option) => `[${optionText(option)}]`);
  return joinLines([`${program} ${command.name} ${file}`, ...options], ' ', width);
}

function optionText(option: OptionSpec): string {
  return `--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`;
}

/** Terms and descriptions in two columns. A description wraps inside its column. On a narrow terminal it starts below the term. */
function definitions(
  rows: readonly (readonly [term: string, text: string])[],
  width: number,
  paint: (text: string) => string,
): string[] {
  const column = Math.max(...rows.map(([term]) => term.length)) + 4;
  if (width - column < 30) {
    return rows.flatMap(([term, text]) => [
      `  ${paint(term)}`,
      ...wrap(text, width - 6).map((line) => `      ${line}`),
    ]);
  }
  return rows.flatMap(([term, text]) =>
    wrap(text, width - column).map(
      (line, index) => (index === 0 ? `  ${paint(padEnd(term, column - 2))}` : ' '.repeat(column)) + line,
    ),
  );
}

export function renderProgramHelp(commands: readonly Command[], version: string, look: Look): string {
  const paint = paintFor(look.colour);
  const width = Math.min(look.width, defaultWidth);
  return `${[
    ...wrap(
      `${program} ${version}: design an NPU that serves neural networks within their service-level objectives`,
      width,
    ),
    '',
    `${paint.bold('Usage')}  ${program} COMMAND ...`,
    '',
    paint.bold('Commands'),
    ...definitions(
      commands.map((command) => [command.name, command.summary] as const),
      width,
      paint.cyan,
    ),
    '',
    paint.bold('Options'),
    ...definitions(
      [
        ['-h, --help', 'show this help, or the help of a command'],
        ['-V, --version', 'show the version'],
      ],
      width,
      paint.cyan,
    ),
    '',
    paint.bold('Exit codes'),
    ...definitions(
      [
        ['0', 'success: every objective is met, or there are no errors'],
        [
          '1',
          'an objective is violated or undecided, or got worse (`diff`), no design meets all objectives, or `fmt --check` found a file to format',
        ],
        ['2', 'bad input or usage'],
        ['3', 'a bug in Stimpack'],
      ],
      width,
      paint.cyan,
    ),
  ].join('\n')}\n`;
}

export function renderCommandHelp(command: Command, look: Look): string {
  const paint = paintFor(look.colour);
  const width = Math.min(look.width, defaultWidth);
  const [first = '', ...rest] = synopsis(command, width - 11);
  const { positional } = command;
  return `${[
    `${paint.bold('Usage')}  ${first}`,
    ...rest.map((line) => `           ${line}`),
    '',
    ...wrap(command.description, width),
    '',
    paint.bold('Arguments and options'),
    ...definitions(
      [
        [positional.many ? `${positional.name}...` : positional.name, positional.help],
        ...optionsOf(command).map(
          (option) =>
            [(option.short === undefined ? '    ' : `-${option.short}, `) + optionText(option), option.help] as const,
        ),
      ],
      width,
      paint.cyan,
    ),
    '',
    paint.bold('Examples'),
    ...command.examples.map((example) => `  ${paint.dim('$')} ${example}`),
  ].join('\n')}\n`;
}
