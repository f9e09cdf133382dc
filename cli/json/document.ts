/**
 * Every JSON document is one object: `schemaVersion`, `command`, `exitCode`, then the result of the command. Keys are in the order of the
 * object literals, so that the same input gives the same bytes. A number that is not finite is null.
 */
const schemaVersion = 1;

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A document whose lists may be functions: their elements are made while they are written. Prints the same text as `renderDocument`. */
export function printDocument(
  print: (text: string) => void,
  command: string,
  exitCode: number,
  content: { readonly [key: string]: Json | (() => Iterable<Json>) },
): void {
  let text = '{';
  let separator = '\n';
  const whole: typeof content = { schemaVersion, command, exitCode, ...content };
  for (const [key, value] of Object.entries(whole)) {
    text += `${separator}  ${JSON.stringify(key)}: `;
    separator = ',\n';
    if (typeof value !== 'function') {
      text += indented(value, '  ');
      continue;
    }
    let isEmpty = true;
    for (const element of value()) {
      text += `${isEmpty ? '[' : ','}\n    ${indented(element, '    ')}`;
      isEmpty = false;
      if (text.length < pieceCharacters) continue;
      print(text);
      text = '';
    }
    text += isEmpty ? '[]' : '\n  ]';
  }
  print(`${text}\n}\n`);
}

/** Our assumption: few system calls, and little memory. */
const pieceCharacters = 1 << 20;

/** Line breaks within texts are escaped, so each one starts a line of the document. */
function indented(value: Json, indent: string): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent}`);
}

export function renderDocument(command: string, exitCode: number, content: { readonly [key: string]: Json }): string {
  return `${JSON.stringify({ schemaVersion, command, exitCode, ...content }, null, 2)}\n`;
}
