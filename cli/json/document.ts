/**
 * Every JSON document of ours is one object: `schemaVersion`, `command`, `exitCode`, then what the command has to say. Keys are
 * written in the order of the literals, so that the same input gives the same bytes; what is not finite is null.
 */
const schemaVersion = 1;

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export function renderDocument(command: string, exitCode: number, content: { readonly [key: string]: Json }): string {
  return `${JSON.stringify({ schemaVersion, command, exitCode, ...content }, null, 2)}\n`;
}
