import type { Diagnostic } from './diagnostic.ts';
import { type DiagnosticCode, diagnosticCodes, type Severity } from './diagnostic-codes.ts';
import type { Origin } from './origin.ts';
import { safeText } from './safe-text.ts';

/** A sentence, or a part of one, that is safe to show: what it repeats of an input has been escaped and shortened. */
export interface Words {
  readonly text: string;
}

/** A problem in words, before it has a place. */
export interface Message<C extends DiagnosticCode = DiagnosticCode> extends Words {
  readonly code: C;
  readonly severity: Severity;
}

type Parameter = string | number | boolean | undefined | readonly string[] | Words;

/** What a message is made of. Strings may come from an input as they are. */
export type Parameters = Readonly<Record<string, Parameter>>;

/** An entry of a registry: makes the message from its parameters. */
export interface MessageEntry<
  P extends readonly unknown[] = readonly never[],
  C extends DiagnosticCode = DiagnosticCode,
> {
  (...parameters: P): Message<C>;
  readonly code: C;
}

/** All messages of a part of the program, by name. */
export type MessageRegistry = Readonly<Record<string, MessageEntry>>;

/**
 * Defines a message. `text` gets its parameters with every string made safe (`safeText`), so that no message can forget it; a part that
 * was built by `words` is passed on as it is. `severity` only where it is another one than the code's own.
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

/** Defines a part of a message, a related location's note or a fix's title; safe in the same way. */
export function words<P extends Parameters>(text: (parameters: P) => string): (parameters: P) => Words {
  return (parameters) => ({ text: text(safeParameters(parameters)) });
}

function safeParameters<P extends Parameters>(parameters: P): P {
  const safe: Record<string, Parameter> = {};
  for (const [name, value] of Object.entries(parameters)) safe[name] = safeParameter(value);
  // The same names with values of the same types.
  return safe as P;
}

function safeParameter(value: Parameter): Parameter {
  if (typeof value === 'string') return safeText(value);
  if (Array.isArray(value)) return value.map((one: string) => safeText(one));
  return value;
}

/** Characters that a reason keeps at most: it may name several things of an input, each of them with `quoted`. */
const maxReasonCharacters = 1000;

/** A clause that a reader of a file returns as its reason to stop, as a part of a message: escaped and shortened as a whole. */
export function reasonWords(reason: string): Words {
  return { text: safeText(reason, maxReasonCharacters) };
}

/** What may accompany a message. */
export type DiagnosticDetails = Pick<Diagnostic, 'related' | 'fixes' | 'tag'>;

/** A message at its place. */
export function diagnosticAt(
  origin: Origin,
  { code, severity, text }: Message,
  details: DiagnosticDetails = {},
): Diagnostic {
  return { code, severity, message: text, origin, ...details };
}
