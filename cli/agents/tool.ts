import type { Library } from '../../host/index.ts';
import type { DocumentServices } from '../documents.ts';
import type { Json } from '../json/document.ts';
import { objectSchema, type Properties, type Schema } from '../json/schema.ts';

/** What the tools need from the process. */
export interface AgentServices extends DocumentServices {
  readonly library: Library;
  /** The text of a file of the library. */
  readonly readLibrary: (uri: string) => string | undefined;
}

/** The arguments of a call, after `argumentProblem` has accepted them. */
export interface ToolArguments {
  readonly text: (name: string) => string | undefined;
  readonly integer: (name: string) => number | undefined;
  /** The values of an object of texts, such as settings. */
  readonly texts: (name: string) => Readonly<Record<string, string>>;
}

export type ToolResult = { readonly [key: string]: Json };

/** A problem of the call that an agent can correct, in words. */
export interface ToolProblem {
  readonly problem: string;
}

/** A tool for agents. Its results are small and structured. Keys end in their unit, as in docs/json.md. */
export interface AgentTool {
  readonly name: string;
  readonly title: string;
  /** What it does, and when to use it. An agent chooses tools by this text. */
  readonly description: string;
  readonly inputSchema: Schema;
  readonly outputSchema: Schema;
  call(given: ToolArguments, services: AgentServices, stop: AbortSignal): Promise<ToolResult | ToolProblem>;
}

/** The schema of the arguments. Other keys are an error, because a key that an agent invents would have no effect. */
export function inputSchema(always: Properties, sometimes: Properties = {}): Schema {
  return { ...objectSchema(always, sometimes), additionalProperties: false };
}

/** The arguments of a tool are texts, whole numbers and objects of texts. Returns the first problem, in words. */
export function argumentProblem({ name, inputSchema: schema }: AgentTool, given: unknown): string | undefined {
  if (!isRecord(given)) return `the arguments of '${name}' must be an object`;
  const properties = isRecord(schema.properties) ? schema.properties : {};
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(properties, key)) {
      return `'${name}' has no argument '${key}'; it has ${Object.keys(properties).join(', ') || 'none'}`;
    }
    const property = properties[key];
    const problem = isRecord(property) ? valueProblem(property, value) : undefined;
    if (problem !== undefined) return `the argument '${key}' of '${name}' must be ${problem}`;
  }
  const required = Array.isArray(schema.required) ? schema.required : [];
  const missing = required.find((key) => typeof key === 'string' && given[key] === undefined);
  return missing === undefined ? undefined : `'${name}' needs the argument '${String(missing)}'`;
}

/** What the value must be, if it is something else. */
function valueProblem(
  { type, minimum, maximum, enum: choices }: Record<string, unknown>,
  value: unknown,
): string | undefined {
  switch (type) {
    case 'string':
      if (typeof value !== 'string') return 'a text';
      return Array.isArray(choices) && !choices.includes(value) ? `one of ${choices.join(', ')}` : undefined;
    case 'integer': {
      const low = typeof minimum === 'number' ? minimum : Number.MIN_SAFE_INTEGER;
      const high = typeof maximum === 'number' ? maximum : Number.MAX_SAFE_INTEGER;
      const isValid = typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high;
      return isValid ? undefined : `a whole number from ${low} to ${high}`;
    }
    default:
      return isRecord(value) && Object.values(value).every((each) => typeof each === 'string')
        ? undefined
        : 'an object whose values are texts';
  }
}

/** Access to arguments that `argumentProblem` accepted. */
export function argumentsOf(given: Readonly<Record<string, unknown>>): ToolArguments {
  return {
    text: (name) => (typeof given[name] === 'string' ? given[name] : undefined),
    integer: (name) => (typeof given[name] === 'number' ? given[name] : undefined),
    texts: (name) => {
      const value = given[name];
      return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, String(each)])) : {};
    },
  };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
