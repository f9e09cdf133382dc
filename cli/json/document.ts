/**
 * Every JSON document is one object: `schemaVersion`, `command`, `exitCode`, then the result of the command. Keys are in the order of the
 * object literals, so that the same input gives the same bytes. A number that is not finite is null.
 */
const schemaVersion = 1;

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export function renderDocument(command: string, exitCode: number, content: { readonly [key: string]: Json }): string {
  return `${JSON.stringify({ schemaVersion, command, exitCode, ...content }, null, 2)}\n`;
}
