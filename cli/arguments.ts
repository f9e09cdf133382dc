import { parseArgs } from 'node:util';
import { listed } from '../design/index.ts';
import type { Command, Invocation, OptionSpec } from './command.ts';
import { didYouMean } from './did-you-mean.ts';

/** Wrong usage is an error of the user. It is returned as data and never thrown. */
export type Parsed =
  | { readonly kind: 'invocation'; readonly invocation: Invocation }
  | { readonly kind: 'help' }
  | { readonly kind: 'usage'; readonly message: string };

const helpOption: OptionSpec = { name: 'help', short: 'h', help: 'show this help' };

/** The options of a command, including the one that all commands have. */
export function optionsOf(command: Command): readonly OptionSpec[] {
  return [...command.options, helpOption];
}

/** Parses the arguments after the name of the command. */
export function parseArguments(command: Command, args: readonly string[]): Parsed {
  const specs = optionsOf(command);
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      specs.map((spec) => [
        spec.name,
        {
          type: spec.value === undefined ? ('boolean' as const) : ('string' as const),
          ...(spec.short === undefined ? {} : { short: spec.short }),
        },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const positionals: string[] = [];
  const options = new Map<string, string>();
  const lists = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const spec = specs.find((each) => each.name === token.name);
    if (spec === undefined) {
      const names = specs.map((each) => each.name);
      return usage(`unknown option '${token.rawName}'${didYouMean(token.name, names, '--')}`);
    }
    if (spec === helpOption) return { kind: 'help' };
    const problem = problemOf(spec, token.rawName, token.value);
    if (problem !== undefined) return usage(problem);
    if (spec.repeats === true) {
      lists.set(spec.name, [...(lists.get(spec.name) ?? []), token.value ?? '']);
      continue;
    }
    if (options.has(spec.name)) return usage(`'--${spec.name}' is given twice`);
    options.set(spec.name, token.value ?? '');
  }
  const { positional } = command;
  if ((positionals.length === 0 && positional.optional !== true) || positionals.includes(''))
    return usage(`missing ${positional.name}: ${positional.help}`);
  if (!positional.many && positionals.length > 1) {
    return usage(
      `'${command.name}' takes one ${positional.name}, but got ${positionals.length}: ${listed(positionals)}`,
    );
  }
  return { kind: 'invocation', invocation: { positionals, options, lists } };
}

function problemOf(spec: OptionSpec, rawName: string, value: string | undefined): string | undefined {
  if (spec.value === undefined) {
    return value === undefined ? undefined : `'${rawName}' is a flag and takes no value, but got '${value}'`;
  }
  // In "--seed --format json" the value is missing. The next option is not the value.
  if (value === undefined || value === '' || value.startsWith('--')) return `'${rawName}' needs a value: ${spec.value}`;
  if (spec.choices !== undefined && !spec.choices.includes(value)) {
    return `'${rawName}' is ${spec.choices.join(' or ')}, not '${value}'${didYouMean(value, spec.choices)}`;
  }
  return undefined;
}

function usage(message: string): Parsed {
  return { kind: 'usage', message };
}

/** Whether JSON was requested. This works even if the rest of the command line is wrong, because errors are then JSON too. */
export function wantsJson(args: readonly string[]): boolean {
  return args.some(
    (arg, index) =>
      arg === '--format=json' ||
      arg === '-fjson' ||
      ((arg === '--format' || arg === '-f') && args[index + 1] === 'json'),
  );
}
