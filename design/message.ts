import type { Diagnostic } from './diagnostic.ts';
import { type DiagnosticCode, diagnosticCodes, type Severity } from './diagnostic-codes.ts';
import type { Origin } from './origin.ts';
import { safeText } from './safe-text.ts';

/** A sentence or a part of one that is safe to show: text from an input is escaped and shortened. */
export interface Words {
  readonly text: string;
}

/** A message without a place. */
export interface Message<C extends DiagnosticCode = DiagnosticCode> extends Words {
  readonly code: C;
  readonly severity: Severity;
}

type Parameter = string | number | boolean | undefined | readonly string[] | Words;

/** The parameters of a message. Strings may come directly from an input. */
export type Parameters = Readonly<Record<string, Parameter>>;

/** An entry of a registry: a function that makes the message from its parameters. */
export interface MessageEntry<
  P extends readonly unknown[] = readonly never[],
  C extends DiagnosticCode = DiagnosticCode,
> {
  (...parameters: P): Message<C>;
  readonly code: C;
}

/** All messages of one part of the program, by name. */
export type MessageRegistry = Readonly<Record<string, MessageEntry>>;

/**
 * Defines a message. `text` gets its parameters after every string was made safe (`safeText`), so every message is safe. A part that
 * `words` built is passed on unchanged. State `severity` only if it differs from the severity of the code.
 */
export function message<C extends DiagnosticCode>(code: C, text: string, severity?: Severity): MessageEntry<[], C>;
export function message<C extends DiagnosticCode, P extends Parameters>(
  code: C,
  text: (parameters: P) => string,
  severity?: Severity,
): MessageEntry<[parameters: P], C>;
export function message<C extends DiagnosticCode, P extends Parameters>(
  code: C,
  text: string | ((parameters: P) => string),
  severity: Severity = diagnosticCodes[code].severity,
): MessageEntry<[], C> | MessageEntry<[parameters: P], C> {
  const build = (parameters: P): Message<C> => ({
    code,
    severity,
    text: typeof text === 'string' ? text : text(safeParameters(parameters)),
  });
  return Object.assign(build, { code });
}

/** Defines a part of a message, the note of a related location or the title of a fix. It is made safe in the same way. */
export function words<P extends Parameters>(text: (parameters: P) => string): (parameters: P) => Words {
  return (parameters) => ({ text: text(safeParameters(parameters)) });
}

function safeParameters<P extends Parameters>(parameters: P): P {
  const safe: Record<string, Parameter> = {};
  for (const [name, value] of Object.entries(parameters)) safe[name] = safeParameter(value);
  // The object has the same names, with values of the same types.
  return safe as P;
}

function safeParameter(value: Parameter): Parameter {
  if (typeof value === 'string') return safeText(value);
  if (Array.isArray(value)) return value.map((one: string) => safeText(one));
  return value;
}

/** The most characters of a reason. It is longer than one parameter, because a reason may quote several parts of an input. */
const maxReasonCharacters = 1000;

/** Makes the reason that a file reader returned a part of a message. It is escaped and shortened as a whole. */
export function reasonWords(reason: string): Words {
  return { text: safeText(reason, maxReasonCharacters) };
}

/** Optional details of a diagnostic. */
export type DiagnosticDetails = Pick<Diagnostic, 'related' | 'fixes' | 'tag'>;

/** Makes a diagnostic: a message at a place. */
export function diagnosticAt(
  origin: Origin,
  { code, severity, text }: Message,
  details: DiagnosticDetails = {},
): Diagnostic {
  return { code, severity, message: text, origin, ...details };
}
