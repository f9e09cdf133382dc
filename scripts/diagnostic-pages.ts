import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** Rooms whose messages reach people with a code. */
const rooms = ['language', 'formats', 'engine', 'server'];

/** Functions that take a code as an argument. */
const reporters: ReadonlySet<string> = new Set(['report', 'error', 'warn']);

const isCode = (text: string): boolean => /^[a-z]+(?:-[a-z]+)+$/u.test(text);

/** Every code that the sources can report, read from the sources themselves: a new one cannot be forgotten. */
export function diagnosticCodes(repository: string): readonly string[] {
  const codes = new Set<string>();
  for (const room of rooms) {
    for (const name of readdirSync(path.join(repository, room), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts')) continue;
      const text = readFileSync(path.join(repository, room, name), 'utf8');
      collect(ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true), codes);
    }
  }
  return [...codes].sort();
}

function collect(node: ts.Node, codes: Set<string>): void {
  if (ts.isCallExpression(node) && reporters.has(calleeName(node.expression))) {
    // The code is the first or the second argument; a choice between two codes is both.
    for (const argument of node.arguments.slice(0, 2)) for (const text of literals(argument)) codes.add(text);
  }
  if (ts.isPropertyAssignment(node) && node.name.getText() === 'code') {
    for (const text of literals(node.initializer)) codes.add(text);
  }
  ts.forEachChild(node, (child) => collect(child, codes));
}

function calleeName(callee: ts.Expression): string {
  if (ts.isPropertyAccessExpression(callee)) return callee.name.text;
  return ts.isIdentifier(callee) ? callee.text : '';
}

function literals(node: ts.Expression): readonly string[] {
  if (ts.isStringLiteral(node)) return isCode(node.text) ? [node.text] : [];
  if (ts.isConditionalExpression(node)) return [...literals(node.whenTrue), ...literals(node.whenFalse)];
  return [];
}

const marker = '<!-- Generated from a broken file that is tested: npm run docs -->';

/** A page with its example: the text that was written stays, what stands behind the marker is made anew. */
export function pageWithExample(page: string, code: string, corpus: string): string {
  const written = page.split(marker)[0]?.trimEnd() ?? '';
  const example = exampleOf(code, corpus);
  return example === undefined ? `${written}\n` : `${written}\n\n${marker}\n\n${example}\n`;
}

/** The shortest file of the corpus that says nothing but this, else the shortest that says it at all. */
function exampleOf(code: string, corpus: string): string | undefined {
  const found = readdirSync(corpus)
    .filter((name) => name.endsWith('.npu'))
    .map((name) => readFileSync(path.join(corpus, name), 'utf8').split(/^(?=\/\/!)/mu))
    .map(([text = '', ...said]) => ({ text, said: said.join('') }))
    .map((one) => ({
      ...one,
      codes: [...one.said.matchAll(/^\/\/! \d+:\d+.*?\] ([a-z-]+):/gmu)].map((match) => match[1]),
    }))
    .filter(({ codes }) => codes.includes(code))
    .sort((a, b) => a.codes.length - b.codes.length || a.text.length - b.text.length || (a.text < b.text ? -1 : 1));
  const [best] = found;
  if (best === undefined) return undefined;
  const messages = [...best.said.matchAll(/^\/\/! (\d+):(\d+).*?\] ([a-z-]+): (.*)$/gmu)]
    .filter((match) => match[3] === code)
    .map((match) => `line ${match[1]}, column ${match[2]}: ${match[4]}`);
  return `For example:\n\n\`\`\`text\n${best.text.trimEnd()}\n\`\`\`\n\nsays\n\n\`\`\`text\n${messages.join('\n')}\n\`\`\``;
}

/** docs/diagnostics/README.md: all codes with what their pages say first. */
export function diagnosticIndex(folder: string, codes: readonly string[]): string {
  const rows = codes.map((code) => {
    const page = readFileSync(path.join(folder, `${code}.md`), 'utf8');
    const title = /\*\*(.+?)\.?\*\*/u.exec(page)?.[1] ?? '';
    return `| [${code}](${code}.md) | ${title} |`;
  });
  return [
    '# Diagnostics',
    '',
    'What each code means and what to do. The code behind a message in the editor opens its page: it is a file of the installed extension, so',
    'that it works without a network and says what this version says.',
    '',
    '| code | |',
    '|---|---|',
    ...rows,
    '',
  ].join('\n');
}
