import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../cli/arguments.ts';
import { commands } from '../../cli/program.ts';
import { compile } from '../../language/index.ts';
import { testHost } from '../language/host.ts';

/* Every block of the documentation: a design compiles without an error, and a command line is one that the program accepts. */

const markdownIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
const pages = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'RELEASING.md', 'SUPPORT.md', 'SECURITY.md'],
  ...['docs', 'docs/diagnostics', 'client/walkthrough'].flatMap(markdownIn),
];

interface Block {
  readonly place: string;
  readonly language: string;
  readonly text: string;
}

const blocks = pages.flatMap((page): readonly Block[] => {
  const text = readFileSync(page, 'utf8');
  return [...text.matchAll(/^ *```(\w*)\n(.*?)^ *```$/gmsu)].map(({ 1: language = '', 2: content = '', index }) => ({
    place: `${page}:${text.slice(0, index).split('\n').length + 1}`,
    language,
    text: content,
  }));
});

const designs = blocks.filter(({ language }) => language === 'npu');
const lines = blocks
  .filter(({ language }) => ['sh', 'bash', ''].includes(language))
  .flatMap(({ place, text }) =>
    text
      .split('\n')
      .flatMap((line) => [...line.matchAll(/(?<=^|[|;&]|\bdo |\()\s*(?:npx )?stimpack ([^|;&>#)]+)/gu)])
      .map(([, args = '']) => ({ place, args: args.trimEnd() })),
  )
  // A line of a synopsis has placeholders in capitals or brackets.
  .filter(({ args }) => !/[[\]]|\b(?:FILE|SOURCE|DIR|CODE|SHELL|COMMAND)\b/u.test(args))
  // Some lines explain their command after a wide gap.
  .map(({ place, args }) => ({ place, args: args.replace(/ {2,}.*$/u, '') }));

describe('code blocks', () => {
  it('there are some of both kinds', () => {
    expect(designs.length).toBeGreaterThan(12);
    expect(lines.length).toBeGreaterThan(12);
  });

  it.each(designs)('$place compiles', ({ text }) => {
    const uri = 'file:///docs.npu';
    const errors = compile(uri, testHost({ [uri]: text })).diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ message }) => message)).toEqual([]);
  });

  it.each(lines)('$place: stimpack $args', ({ args }) => {
    const [name = '', ...rest] = words(args);
    if (['--help', '--version'].includes(name)) return;
    const command = commands.find((each) => each.name === name);
    expect(command, `no command ${name}`).toBeDefined();
    const parsed = command && parseArguments(command, rest);
    expect(parsed?.kind === 'usage' ? parsed.message : '').toBe('');
    for (const file of rest.filter((word) => word.startsWith('examples/') && !word.includes('*'))) {
      expect(existsSync(file), file).toBe(true);
    }
  });
});

/** The words of a command line, without quotes and redirections. */
function words(line: string): readonly string[] {
  return [...line.replace(/ <.*$/u, '').matchAll(/'([^']*)'|"([^"]*)"|(\S+)/gu)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  );
}
