import { capacityCommand } from '../../commands/capacity.ts';
import { documentOf } from '../../documents.ts';
import type { Json } from '../../json/document.ts';
import {
  choiceSchema,
  countSchema,
  flagSchema,
  listSchema,
  measuredSchema,
  numberSchema,
  objectSchema,
  orNull,
  textSchema,
} from '../../json/schema.ts';
import { caveatsFor, caveatsSchema } from '../caveats.ts';
import {
  designArguments,
  designRequest,
  picked,
  problemsOf,
  problemsSchema,
  recordsOf,
  scenarioArgument,
} from '../design-arguments.ts';
import { type AgentTool, inputSchema } from '../tool.ts';

const loadSchema = objectSchema({
  factor: numberSchema('The factor on all arrivals as written.'),
  offeredLoadRps: measuredSchema('The load of all networks together.'),
  verdict: choiceSchema(['met', 'violated', 'undecided'], 'The verdict at this load.'),
});

export const capacityTool: AgentTool = {
  name: 'capacity',
  title: 'Find the largest load that meets the objectives',
  description:
    'Scales all arrivals of a scenario by one factor and searches for the largest load at which every objective is met. Takes longer than run. ' +
    "The load as written meets the objectives if the factor of 'met' is 1 or more.",
  inputSchema: inputSchema({}, { ...designArguments, ...scenarioArgument }),
  outputSchema: objectSchema({
    wasRun: flagSchema('False if the problems prevented the search.'),
    scenarios: listSchema(
      objectSchema({
        scenario: textSchema('Its name.'),
        met: orNull(loadSchema, 'The largest load at which every objective was met.'),
        violated: orNull(loadSchema, 'The smallest larger load at which one was violated.'),
        limit: orNull(
          objectSchema({ slo: textSchema('The objective.') }),
          "The objective that is not met at 'violated'.",
        ),
        probeCount: countSchema('The number of loads that were tried.'),
        caveats: caveatsSchema,
      }),
      'The scenarios in the order of the file.',
    ),
    ...problemsSchema,
  }),
  call: async (given, services, stop) => {
    const request = designRequest(given, { scenario: given.text('scenario') }, stop);
    if ('problem' in request) return request;
    const document = await documentOf(capacityCommand, request, services);
    const scenarios = recordsOf(document.scenarios).map(
      ({ met = null, violated = null, limit = null, probes, caveats, ...rest }): Json => ({
        ...picked(rest, ['scenario', 'npu', 'scheduler', 'overload']),
        met,
        violated,
        limit,
        probeCount: recordsOf(probes).length,
        caveats: caveatsFor(caveats),
      }),
    );
    return { wasRun: scenarios.length > 0, scenarios, ...problemsOf(document.diagnostics) };
  },
};
