import { runCommand } from '../../commands/run.ts';
import { documentOf, type JsonDocument } from '../../documents.ts';
import type { Json } from '../../json/document.ts';
import { choiceSchema, flagSchema, listSchema, numberSchema, objectSchema, textSchema } from '../../json/schema.ts';
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

type Fields = { readonly [key: string]: Json };

const verdicts = ['met', 'violated', 'undecided'];
const verdictSchema = choiceSchema(verdicts, 'The worst of the verdicts below.');

/** Keys of an objective in the document of a run. Those of the unit of its metric are present. */
const units = ['Seconds', 'Rps', 'TokensPerSecond', 'Fraction'];
const numbersOfObjective = ['limit', 'measured', 'measuredLow', 'measuredHigh'].flatMap((key) =>
  units.map((unit) => `${key}${unit}`),
);
const objectiveKeys = ['text', 'verdict', 'undecidedBecause', ...numbersOfObjective, 'confidence', 'missFraction'];

const serveKeys = [
  'name',
  'model',
  'offeredLoadRps',
  'throughputRps',
  'goodputRps',
  'meanLatencySeconds',
  'p50LatencySeconds',
  'p99LatencySeconds',
  'meanBatchSize',
  'burstFraction',
  'accuracyFraction',
  'energyJoulesPerRequest',
];
const runKeys = ['label', 'npu', 'scheduler', 'verdict', 'durationSeconds', 'averagePowerWatts', 'modeSwitches'];

const runSchema = objectSchema(
  {
    label: textSchema('The variant.'),
    npu: textSchema('The chip.'),
    verdict: verdictSchema,
    serves: listSchema(
      objectSchema(
        {
          name: textSchema('The label of the served network.'),
          objectives: listSchema(
            objectSchema(
              { text: textSchema('As written in the file.'), verdict: choiceSchema(verdicts, 'Its verdict.') },
              {
                missFraction: numberSchema(
                  'The distance from the limit as a fraction of it: positive if it is missed.',
                ),
              },
            ),
            'Its objectives, with the limit and the measured value in the unit of each key.',
          ),
        },
        { p99LatencySeconds: numberSchema('From arrival to completion.') },
      ),
      'The served networks. A number that was not measured is left out.',
    ),
  },
  { scenario: textSchema('The name of the scenario.') },
);

/** The results of a run, as `run` and `explain_violation` find them. */
export const runTool: AgentTool = {
  name: 'run',
  title: 'Run the scenarios of a design',
  description:
    'Simulates the scenarios of a .npu design and returns the verdict of each objective with the measured numbers. A verdict is undecided if ' +
    'the run is too short or if it depends on a guess; the caveats list the guesses.',
  inputSchema: inputSchema(
    {},
    {
      ...designArguments,
      ...scenarioArgument,
      seed: { type: 'integer', minimum: 0, maximum: 4_294_967_295, description: 'Another seed of the random streams.' },
    },
  ),
  outputSchema: objectSchema(
    { wasRun: flagSchema('False if the problems prevented the run.'), ...problemsSchema },
    {
      verdict: verdictSchema,
      scenarios: listSchema(
        {
          ...runSchema,
          properties: {
            ...(runSchema.properties as Fields),
            compare: listSchema(runSchema, "The variants of 'compare'."),
            caveats: caveatsSchema,
          },
        },
        'The scenarios in the order of the file.',
      ),
    },
  ),
  call: async (given, services, stop) => {
    const seed = given.integer('seed');
    const options = { scenario: given.text('scenario'), seed: seed === undefined ? undefined : String(seed) };
    const request = designRequest(given, options, stop);
    if ('problem' in request) return request;
    const document = await documentOf(runCommand, request, services);
    const scenarios = scenariosOf(document);
    return {
      wasRun: scenarios.length > 0,
      ...picked(document, ['verdict']),
      scenarios: scenarios.map((scenario) => ({
        ...picked(scenario, ['scenario']),
        ...runOf(scenario),
        compare: recordsOf(scenario.compare).map(runOf),
        caveats: caveatsFor(scenario.caveats),
      })),
      ...problemsOf(problemsIn(document)),
    };
  },
};

function runOf(run: Fields): Fields {
  const serves = recordsOf(run.serves).map((serve) => ({
    ...picked(serve, serveKeys),
    objectives: recordsOf(serve.slos).map((objective) => picked(objective, objectiveKeys)),
  }));
  return { ...picked(run, runKeys), serves };
}

/** The scenarios of a document of `run`, which has a list of files if the argument was a folder or a pattern. */
export function scenariosOf(document: JsonDocument): readonly Fields[] {
  const files = document.files === undefined ? [document] : recordsOf(document.files);
  return files.flatMap((file) => recordsOf(file.scenarios));
}

/** The diagnostics of the document and of each of its files. */
export function problemsIn(document: JsonDocument): readonly Json[] {
  return [document, ...recordsOf(document.files)].flatMap((each) => recordsOf(each.diagnostics));
}
