import { parseArguments } from './arguments.ts';
import type { Command, CommandContext } from './command.ts';
import { complain } from './complaint.ts';
import type { Engine } from './engine.ts';
import type { Interrupts } from './interrupts.ts';
import type { Json } from './json/document.ts';
import { plainLook, type Terminal } from './terminal.ts';

/** A document of a command in the format of docs/json.md. */
export type JsonDocument = { readonly [key: string]: Json };

/** Everything that a command needs from the process, except for its streams and signals. */
export interface DocumentServices
  extends Pick<CommandContext, 'readPanel' | 'readShipped' | 'startLanguageServer' | 'startAgentServer'> {
  /** A new engine for each document, so that a document never depends on the settings of an earlier one. */
  readonly newEngine: () => Engine;
  /** The working directory: names of files are relative to it. */
  readonly directory: string;
}

export interface DocumentRequest {
  /** The file, as on a command line. It is never read as an option. */
  readonly file: string;
  /** The text of the file. Undefined: it is read from the disk. */
  readonly text?: string | undefined;
  /** Options of the command: a value, several values, or `true` for a flag. Undefined: not given. */
  readonly options?: { readonly [name: string]: string | readonly string[] | true | undefined };
  /** Stops the work. The document then reports that it was stopped. */
  readonly stop?: AbortSignal | undefined;
}

/** Runs a command and returns its JSON document, which also contains wrong usage and unreadable files. It throws only if there is a bug in Stimpack. */
export async function documentOf(
  command: Command,
  request: DocumentRequest,
  services: DocumentServices,
): Promise<JsonDocument> {
  const written: string[] = [];
  const context = quietContext(request, services, (text) => void written.push(text));
  const { terminal } = context;
  const parsed = parseArguments(command, argumentsOf(request));
  if (parsed.kind === 'usage') complain(command.name, true, { code: 'usage', message: parsed.message }, terminal);
  if (parsed.kind === 'invocation') await command.run(parsed.invocation, context);
  return JSON.parse(written.join('')) as JsonDocument;
}

/** What a command needs, without a process around it: `out` gets what it prints. Its messages for people are dropped. */
export function quietContext(
  { text, stop }: DocumentRequest,
  { newEngine, directory, ...rest }: DocumentServices,
  out: (text: string) => void,
): CommandContext {
  const terminal: Terminal = {
    out,
    err: () => undefined,
    look: plainLook,
    errorLook: plainLook,
    progress: null,
    directory,
  };
  return {
    ...rest,
    terminal,
    engine: newEngine(),
    interrupts: interruptsOn(stop),
    readStandardInput: async () => new TextEncoder().encode(text ?? ''),
  };
}

/** The file as an argument. `-` is standard input, and here it is the given text. A file of that name needs its folder. */
export function argumentOf({ file, text }: DocumentRequest): string {
  return text !== undefined ? '-' : file === '-' ? './-' : file;
}

function argumentsOf(request: DocumentRequest): readonly string[] {
  const { options = {} } = request;
  const all: NonNullable<DocumentRequest['options']> = { ...options, format: 'json' };
  const given = Object.entries(all).flatMap(([name, value]) => {
    if (value === undefined) return [];
    if (value === true) return [`--${name}`];
    const values: readonly string[] = typeof value === 'string' ? [value] : value;
    return values.map((each) => `--${name}=${each}`);
  });
  return [...given, '--', argumentOf(request)];
}

function interruptsOn(stop: AbortSignal = new AbortController().signal): Interrupts {
  return { during: (work) => work(stop), exitCode: undefined };
}
