import type { PanelFiles } from '../host/index.ts';
import type { Engine } from './engine.ts';
import type { ExitCode } from './exit-code.ts';
import type { Interrupts } from './interrupts.ts';
import type { Terminal } from './terminal.ts';

/** A row of a command's option table: parsing, checking, help and did-you-mean all derive from it. */
export interface OptionSpec {
  readonly name: string;
  readonly short?: string;
  /** What stands for the value in help; absent for a flag. */
  readonly value?: string;
  readonly choices?: readonly string[];
  readonly help: string;
}

export interface PositionalSpec {
  /** "FILE" */
  readonly name: string;
  readonly many: boolean;
  readonly help: string;
}

export interface Invocation {
  readonly positionals: readonly string[];
  /** By option name; a flag's value is ''. */
  readonly options: ReadonlyMap<string, string>;
}

export interface CommandContext {
  readonly terminal: Terminal;
  readonly engine: Engine;
  readonly interrupts: Interrupts;
  /** The panel's bundle; undefined where it was not built. */
  readonly readPanel: () => PanelFiles | undefined;
}

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What it does and what its exit codes mean, for its own help. */
  readonly description: string;
  readonly positional: PositionalSpec;
  readonly options: readonly OptionSpec[];
  readonly examples: readonly string[];
  run(invocation: Invocation, context: CommandContext): Promise<ExitCode>;
}

export const formatOption = (...choices: readonly string[]): OptionSpec => ({
  name: 'format',
  short: 'f',
  value: choices.join('|'),
  choices,
  help: 'how the result is printed; text by default',
});
