import { docComment, parse } from '../../../language/index.ts';
import type { Json } from '../../json/document.ts';
import { choiceSchema, listSchema, objectSchema, textSchema } from '../../json/schema.ts';
import { kept } from '../design-arguments.ts';
import { type AgentServices, type AgentTool, inputSchema } from '../tool.ts';

const kinds = ['npu', 'model', 'scheduler'];

export const libraryTool: AgentTool = {
  name: 'list_library',
  title: 'List the chips and networks of the library',
  description:
    'Lists the chips (npu), networks (model) and schedulers that ship with Stimpack. A design imports one with the line `import "stimpack/resnet50"`, ' +
    'and then uses it by its name, or changes it: `npu Mine extends TPUv4i { ... }`.',
  inputSchema: inputSchema({}, { kind: choiceSchema(kinds, 'Only these. By default, all.') }),
  outputSchema: objectSchema({
    entries: listSchema(
      objectSchema(
        {
          kind: choiceSchema(kinds, 'What it is.'),
          name: textSchema('Its name in a design.'),
          import: textSchema('What follows the word import, in quotes.'),
        },
        { description: textSchema('What it is, and where its values come from.') },
      ),
      'By import, in the order of each file.',
    ),
  }),
  call: async (given, services) => {
    const kind = given.text('kind');
    const entries = services.library.names.flatMap((name) => entriesOf(name, services));
    return { entries: entries.filter((entry) => kind === undefined || entry.kind === kind) };
  },
};

function entriesOf(name: string, { library, readLibrary }: AgentServices): readonly { readonly [key: string]: Json }[] {
  const uri = library.uriOf(name);
  const text = uri === undefined ? undefined : readLibrary(uri);
  if (uri === undefined || text === undefined) return [];
  const tree = parse(text, uri);
  return tree.root.items.flatMap((item) => {
    if (item.kind !== 'statement' || !kinds.includes(item.keyword.text)) return [];
    const described = item.subject?.kind === 'path' ? item.subject.parts[0]?.text : undefined;
    const description = docComment(tree, item);
    return described === undefined
      ? []
      : [kept({ kind: item.keyword.text, name: described, import: name, description })];
  });
}
