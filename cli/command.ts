import type { PanelFiles } from '../host/index.ts';
import type { Engine } from './engine.ts';
import type { ExitCode } from './exit-code.ts';
import type { Interrupts } from './interrupts.ts';
import type { ParquetWriter } from './npm/parquet-writer.ts';
import type { Terminal } from './terminal.ts';

/** A row in the option table of a command. Parsing, checks, help and suggestions use this table. */
export interface OptionSpec {
  readonly name: string;
  readonly short?: string;
  /** The placeholder of the value in the help. Undefined for a flag. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** Whether the option can be given more than once. Its values are then in `Invocation.lists`. */
  readonly repeats?: true;
  readonly help: string;
}

export interface PositionalSpec {
  /** "FILE" */
  readonly name: string;
  readonly many: boolean;
  /** Whether the command also works without it. */
  readonly optional?: true;
  readonly help: string;
}

export interface Invocation {
  readonly positionals: readonly string[];
  /** Values by option name. The value of a flag is ''. */
  readonly options: ReadonlyMap<string, string>;
  /** The values of options that can be given more than once, by option name. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
}

export interface CommandContext {
  readonly terminal: Terminal;
  readonly engine: Engine;
  readonly interrupts: Interrupts;
  /** The bundle of the panel. Undefined if it was not built. */
  readonly readPanel: () => PanelFiles | undefined;
  /** A text file of the package, such as a page of the documentation. Undefined if it does not exist. */
  readonly readShipped: (path: string) => string | undefined;
  /** Runs the language server on standard input and output until the editor ends. */
  readonly startLanguageServer: () => Promise<ExitCode>;
  /** Runs the MCP server on standard input and output until the client ends. */
  readonly startAgentServer: () => Promise<ExitCode>;
  /** Loads the writer of Parquet files. Absent, or undefined: this installation does not contain it. */
  readonly loadParquetWriter?: () => ParquetWriter | undefined;
  /** Everything that standard input contains. */
  readonly readStandardInput: () => Promise<Uint8Array>;
}

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** The effect of the command and the meaning of its exit codes, for its help page. */
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
  help: 'the format of the result; text by default',
});
