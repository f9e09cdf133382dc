import { exploreCommand } from '../../commands/explore.ts';
import { documentOf } from '../../documents.ts';
import type { Json } from '../../json/document.ts';
import { choiceSchema, countSchema, flagSchema, listSchema, objectSchema, textSchema } from '../../json/schema.ts';
import { caveatsFor, caveatsSchema } from '../caveats.ts';
import {
  designArguments,
  designRequest,
  kept,
  picked,
  problemsOf,
  problemsSchema,
  recordsOf,
} from '../design-arguments.ts';
import { type AgentTool, inputSchema } from '../tool.ts';

/** A front of more designs is shortened. Our assumption: an agent compares about this many. */
const mostDesigns = 30;

const searches = ['random', 'sobol', 'nsga2'];

export const exploreTool: AgentTool = {
  name: 'explore',
  title: 'Explore designs',
  description:
    "Simulates the designs of an 'explore' block and returns the Pareto front: the designs that no other design beats in every goal. Use " +
    "'search' and 'budget' if the block has many designs; each one takes about as long as a run.",
  inputSchema: inputSchema(
    {},
    {
      ...designArguments,
      exploration: textSchema('The name of the explore block; needed only if the file has several.'),
      search: choiceSchema(searches, 'Tries only some designs. Needs a budget.'),
      budget: { type: 'integer', minimum: 1, maximum: 100_000, description: 'The largest number of designs to try.' },
    },
  ),
  outputSchema: objectSchema(
    { wasRun: flagSchema('False if the problems prevented the exploration.'), ...problemsSchema },
    {
      exploration: textSchema('Its name.'),
      designCount: countSchema('The number of all designs.'),
      triedCount: countSchema('The number of designs that were tried.'),
      metCount: countSchema('The number of tried designs that meet all objectives.'),
      front: listSchema(
        objectSchema({
          design: countSchema('Its number.'),
          values: { type: 'object', description: 'The value of each axis as written, by the path of the axis.' },
          verdict: choiceSchema(['met', 'violated', 'undecided'], 'The worst verdict of its objectives.'),
        }),
        `The Pareto front, at most ${mostDesigns} designs. The value of each goal has the key that 'goals' names.`,
      ),
      omittedDesignCount: countSchema('The number of designs of the front beyond that.'),
      caveats: caveatsSchema,
    },
  ),
  call: async (given, services, stop) => {
    const budget = given.integer('budget');
    const options = {
      name: given.text('exploration'),
      search: given.text('search'),
      budget: budget === undefined ? undefined : String(budget),
    };
    const request = designRequest(given, options, stop);
    if ('problem' in request) return request;
    const document = await documentOf(exploreCommand, request, services);
    const designs = recordsOf(document.designs);
    const problems = problemsOf(document.diagnostics);
    if (document.designs === undefined) return { wasRun: false, ...problems };
    const axes = recordsOf(document.axes).flatMap(({ path }) => (typeof path === 'string' ? [path] : []));
    const keys = recordsOf(document.goals).flatMap(({ key }) => (typeof key === 'string' ? [key] : []));
    const front = designs.filter((design) => design.front === true);
    return {
      wasRun: true,
      ...picked(document, ['exploration', 'scenario', 'npu', 'goals', 'designCount', 'triedCount', 'asWritten']),
      metCount: designs.filter(({ verdict }) => verdict === 'met').length,
      front: front.slice(0, mostDesigns).map((design) => designOf(design, axes, keys)),
      omittedDesignCount: Math.max(0, front.length - mostDesigns),
      caveats: caveatsFor(document.caveats),
      ...problems,
    };
  },
};

/** Without the measures that are no goals: an agent compares designs by their goals. */
function designOf(design: { readonly [key: string]: Json }, axes: readonly string[], keys: readonly string[]): Json {
  const texts = Array.isArray(design.values) ? design.values : [];
  return {
    ...kept(picked(design, ['design', 'verdict', ...keys, 'problem'])),
    values: Object.fromEntries(axes.map((path, axis) => [path, texts[axis] ?? null])),
  };
}
