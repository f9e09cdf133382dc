import { diagnosticCodes } from '../../../design/index.ts';
import { didYouMean } from '../../did-you-mean.ts';
import { listSchema, objectSchema, textSchema } from '../../json/schema.ts';
import { type AgentTool, inputSchema } from '../tool.ts';

/**
 * The pages of docs/ that ship, the most useful for writing a design first. `diagnostics/CODE` is a page too. Pages with measurements or
 * with the model's equations (silicon.md, hardware.md, scheduler.md) do not ship: the extension may have 1 MB.
 */
export const docPages: readonly string[] = [
  'summary',
  'language',
  'reference',
  'json',
  'cli',
  'tutorial',
  'howto',
  'api',
  'agents',
  'ci',
  'editors',
  'formats',
  'sequences',
  'language-models',
  'panel',
  'scale',
  'limits',
  'determinism',
];

/** A longer page is given by section. Our assumption: about 3,000 tokens of a language model. */
const mostCharacters = 12_000;

export const docsTool: AgentTool = {
  name: 'read_docs',
  title: 'Read the documentation',
  description:
    'Reads a page of the documentation of this version. Start with "summary": the language on one page. "diagnostics/CODE" explains the code of a ' +
    'problem. Without a page, it lists all pages. A long page without a section gives its beginning and the list of its sections.',
  inputSchema: inputSchema(
    {},
    {
      page: textSchema('The name of the page, such as "summary" or "diagnostics/slo-violated".'),
      section: textSchema('A heading of the page.'),
    },
  ),
  outputSchema: objectSchema(
    {},
    {
      page: textSchema('The name of the page.'),
      text: textSchema('Markdown.'),
      sections: listSchema({ type: 'string' }, 'The headings of a page that is given in part.'),
      pages: listSchema({ type: 'string' }, 'The names of all pages, if no page was named.'),
    },
  ),
  call: async (given, { readShipped }) => {
    const page = given
      .text('page')
      ?.replace(/^docs\//u, '')
      .replace(/\.md$/u, '');
    if (page === undefined) return { pages: [...docPages, 'diagnostics/CODE'] };
    // The code of a problem alone is enough.
    if (Object.hasOwn(diagnosticCodes, page)) return { page, text: readShipped(`docs/diagnostics/${page}.md`) ?? '' };
    const names = [...docPages, ...Object.keys(diagnosticCodes).map((code) => `diagnostics/${code}`)];
    const text = names.includes(page) ? readShipped(`docs/${page}.md`) : undefined;
    if (text === undefined) return { problem: `there is no page '${page}'${didYouMean(page, names)}` };
    const wanted = given.text('section');
    const sections = sectionsOf(text);
    if (wanted === undefined) {
      if (text.length <= mostCharacters) return { page, text };
      return { page, text: shortened(text), sections: sections.map(({ title }) => title) };
    }
    const titles = sections.map(({ title }) => title);
    const section = sections.find(({ title }) => title.toLowerCase() === wanted.toLowerCase());
    if (section === undefined) return { problem: `'${page}' has no section '${wanted}'; it has: ${titles.join('; ')}` };
    return { page, text: shortened(section.text) };
  },
};

function shortened(text: string): string {
  if (text.length <= mostCharacters) return text;
  return `${text.slice(0, text.lastIndexOf('\n', mostCharacters))}\n\n(The text continues: name a section.)\n`;
}

/** The sections of a Markdown text at each level. A section contains those below it. Headings in code are none. */
function sectionsOf(text: string): readonly { readonly title: string; readonly text: string }[] {
  const lines = text.split('\n');
  const heads: { readonly line: number; readonly level: number; readonly title: string }[] = [];
  let isCode = false;
  for (const [line, content] of lines.entries()) {
    if (content.startsWith('```')) isCode = !isCode;
    const [, marks = '', title = ''] = (!isCode && /^(#{1,6}) (.+)$/u.exec(content)) || [];
    if (title !== '') heads.push({ line, level: marks.length, title: title.replaceAll('`', '') });
  }
  return heads.map(({ line, level, title }, index) => {
    const next = heads.slice(index + 1).find((head) => head.level <= level);
    return { title, text: `${lines.slice(line, next?.line).join('\n').trim()}\n` };
  });
}
