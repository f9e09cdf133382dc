import { checkCommand } from '../../commands/check.ts';
import { documentOf } from '../../documents.ts';
import { countSchema, objectSchema } from '../../json/schema.ts';
import { designArguments, designRequest, picked, problemsOf, problemsSchema } from '../design-arguments.ts';
import { type AgentTool, inputSchema } from '../tool.ts';

export const checkTool: AgentTool = {
  name: 'check',
  title: 'Check a design',
  description:
    'Checks a .npu design and its imports without a simulation. Returns each problem with its place and its fixes.',
  inputSchema: inputSchema({}, designArguments),
  outputSchema: objectSchema({
    errorCount: countSchema('The design runs only if this is 0.'),
    warningCount: countSchema('Warnings do not prevent a run.'),
    ...problemsSchema,
  }),
  call: async (given, services, stop) => {
    const request = designRequest(given, {}, stop);
    if ('problem' in request) return request;
    const document = await documentOf(checkCommand, request, services);
    const found = problemsOf(document.diagnostics);
    // Wrong usage gives a document without counts.
    const counts = {
      errorCount: found.problems.length,
      warningCount: 0,
      ...picked(document, ['errorCount', 'warningCount']),
    };
    return { ...counts, ...found };
  },
};
