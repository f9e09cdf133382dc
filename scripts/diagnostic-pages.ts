import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type DiagnosticCode, diagnosticCodes } from '../design/index.ts';

/** Every code of a diagnostic, in alphabetical order. */
export const codes = Object.keys(diagnosticCodes).sort() as readonly DiagnosticCode[];

const marker = '<!-- Generated from a broken file that is tested: npm run docs -->';

/**
 * The page of a code. The handwritten text between the title and the marker stays. The title comes from the table of
 * codes, and the example after the marker is generated.
 */
export function diagnosticPage(page: string, code: DiagnosticCode, corpus: string): string {
  const written = page.split(marker)[0]?.trimEnd() ?? '';
  const body = written.replace(/^#.*\n+\*\*.*?\*\*/u, '').trimStart();
  const text = `# ${code}\n\n**${diagnosticCodes[code].title}.** ${body}`;
  const example = exampleOf(code, corpus);
  return example === undefined ? `${text}\n` : `${text}\n\n${marker}\n\n${example}\n`;
}

/** The shortest file of the corpus that has only this diagnostic, else the shortest one that has it. */
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

/** docs/diagnostics/README.md: all codes with their titles. */
export function diagnosticIndex(): string {
  const rows = codes.map((code) => {
    const { severity, title } = diagnosticCodes[code];
    return `| [${code}](${code}.md) | ${severity} | ${title} |`;
  });
  return [
    '# Diagnostics',
    '',
    'What each code means and what to do. Click the code of a message in the editor to open its page. The pages belong to the installed',
    'extension: they work without a network and describe the installed version.',
    '',
    'The severity is the usual one of the code; a few messages have a lower one.',
    '',
    '| code | severity | meaning |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
