import { runCommand } from '../../commands/run.ts';
import { documentOf } from '../../documents.ts';
import type { Json } from '../../json/document.ts';
import { choiceSchema, flagSchema, listSchema, objectSchema, textSchema } from '../../json/schema.ts';
import {
  designArguments,
  designRequest,
  isObject,
  kept,
  problemsOf,
  problemsSchema,
  recordsOf,
  scenarioArgument,
} from '../design-arguments.ts';
import { type AgentTool, inputSchema } from '../tool.ts';
import { problemsIn, scenariosOf } from './run.ts';

/** Codes of the diagnostics about objectives. */
const aboutObjectives: readonly Json[] = ['slo-violated', 'slo-undecided'];

export const explainViolationTool: AgentTool = {
  name: 'explain_violation',
  title: 'Explain violated objectives',
  description:
    'Simulates a .npu design and explains each objective that is violated or undecided: by how much it is missed, where the late requests spend ' +
    'their time (largest share first), and the sentence that the editor shows at the objective.',
  inputSchema: inputSchema({}, { ...designArguments, ...scenarioArgument }),
  outputSchema: objectSchema({
    wasRun: flagSchema('False if the problems prevented the run.'),
    explanations: listSchema(
      objectSchema(
        {
          scenario: textSchema('The scenario.'),
          serve: textSchema('The served network.'),
          objective: textSchema('As written in the file.'),
          verdict: choiceSchema(['violated', 'undecided'], 'Its verdict.'),
          latencyParts: listSchema(
            objectSchema({ part: textSchema('A waiting time, or the stage of the chip that bounds the work.') }),
            'The mean time in each part in seconds, the largest first. Empty if the metric is not a latency.',
          ),
        },
        { undecidedBecause: textSchema('The reason for an undecided verdict. docs page "json" explains each.') },
      ),
      'One for each objective that is not met. Empty if all are met.',
    ),
    messages: listSchema({ type: 'string' }, 'The explanations as sentences, in the order of the file.'),
    ...problemsSchema,
  }),
  call: async (given, services, stop) => {
    const request = designRequest(given, { scenario: given.text('scenario') }, stop);
    if ('problem' in request) return request;
    const document = await documentOf(runCommand, request, services);
    const scenarios = scenariosOf(document);
    const all = recordsOf(problemsIn(document));
    const isExplanation = ({ code = null }: { readonly [key: string]: Json }): boolean =>
      aboutObjectives.includes(code);
    return {
      wasRun: scenarios.length > 0,
      explanations: scenarios.flatMap(explanationsOf),
      messages: all.filter(isExplanation).flatMap(({ message }) => message ?? []),
      ...problemsOf(all.filter((each) => !isExplanation(each))),
    };
  },
};

function explanationsOf({ scenario = null, serves }: { readonly [key: string]: Json }): readonly Json[] {
  return recordsOf(serves).flatMap(({ name = null, slos }) =>
    recordsOf(slos)
      .filter(({ verdict }) => verdict !== 'met')
      .map(({ text = null, meanLatencyParts, latencyPartsOf, ...rest }) => ({
        scenario,
        serve: name,
        objective: text,
        ...kept(
          Object.fromEntries(
            Object.entries(rest).filter(([key]) =>
              /^(?:verdict|undecided|limit|measured|confidence|missFraction)/u.test(key),
            ),
          ),
        ),
        ...kept({ latencyPartsOf }),
        latencyParts: latencyParts(meanLatencyParts),
      })),
  );
}

/** The parts of a mean latency that take time, the largest first. */
function latencyParts(parts: Json | undefined): readonly Json[] {
  if (!isObject(parts)) return [];
  return Object.entries(parts)
    .flatMap(([key, seconds]) =>
      typeof seconds === 'number' && seconds > 0 ? [{ part: key.replace(/Seconds$/u, ''), meanSeconds: seconds }] : [],
    )
    .sort((one, other) => other.meanSeconds - one.meanSeconds);
}
