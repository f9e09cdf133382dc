import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../cli/json/document.ts';
import type { Schema } from '../../../cli/json/schema.ts';
import { describedCommands } from '../../../cli/json/schemas/index.ts';
import { commands } from '../../../cli/program.ts';
import { realProgram, tinyDesign } from '../real-program.ts';

const { stimpack, write } = realProgram();
write({
  'a.npu': tinyDesign,
  'b.npu': tinyDesign.replace('5 ms', '100 ns').replace('duration', 'compare: [TPUv4i]\n  duration'),
  'folder/part.npu': 'let peak = 1 rps\n',
  'folder/c.npu': tinyDesign,
  'broken.npu': tinyDesign.replace('clock', 'clok'),
  'space.npu': `${tinyDesign}explore Sizing {
  scenario: Calm
  vary Tiny.clock in [1 GHz, 2 GHz]
  minimize p99 latency
}
`,
});

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schema without room for other keys, so that a key that it does not describe is an error here. */
function strict(schema: Json, isPart = false): Json {
  if (Array.isArray(schema)) return schema.map((each: Json) => strict(each, isPart));
  if (!isObject(schema)) return schema;
  const isWhole = schema.type === 'object' && !isPart;
  const entries = Object.entries(schema).map(([keyword, value]): [string, Json] => {
    // What an object has to be besides: not the whole object.
    if (keyword === 'then' || keyword === 'if') return [keyword, strict(value, true)];
    if (keyword === 'anyOf') return [keyword, strict(value, isPart || schema.type === 'object')];
    if (keyword === 'properties' && isObject(value)) {
      return [keyword, Object.fromEntries(Object.entries(value).map(([key, each]) => [key, strict(each)]))];
    }
    return [keyword, strict(value)];
  });
  return { ...Object.fromEntries(entries), ...(isWhole ? { unevaluatedProperties: false } : {}) };
}

/** Compiled once: a schema takes up to a second to compile. */
const validators = new Map<string, Promise<readonly ValidateFunction[]>>();

/** The schema that `stimpack schema` prints, as it is and without room for other keys. */
function validatorsOf(command: string, isPart: boolean): Promise<readonly ValidateFunction[]> {
  const key = `${command} ${isPart}`;
  const compiled =
    validators.get(key) ??
    stimpack('schema', command).then(({ out }) => {
      const schema = JSON.parse(out) as Schema;
      return [schema, strict(schema, isPart) as Schema].map((each) =>
        new Ajv2020({ strict: false, allErrors: true }).compile(each),
      );
    });
  validators.set(key, compiled);
  return compiled;
}

async function problems(command: string, document: Json): Promise<readonly string[]> {
  // A document without a result can have some of the keys of one.
  const isWithResult = isObject(document) && [0, 1].includes(Number(document.exitCode));
  return (await validatorsOf(command, !isWithResult)).flatMap((validate) => {
    validate(document);
    const errors = validate.errors ?? [];
    return errors.map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
  });
}

async function documentOf(line: string): Promise<{ readonly [key: string]: Json }> {
  return JSON.parse((await stimpack(...line.split(' '), '--format', 'json')).out) as { readonly [key: string]: Json };
}

describe('the schema of a command describes its documents', () => {
  test.each([
    ['check a.npu', 0],
    ['check broken.npu nothing.npu', 2],
    ['run a.npu', 0],
    ['run b.npu', 1],
    ['run a.npu b.npu', 1],
    ['run folder', 0],
    ['run broken.npu', 2],
    ['run', 2],
    ['layers a.npu', 0],
    ['layers a.npu --npu X', 2],
    ['capacity a.npu', 0],
    ['capacity broken.npu', 2],
    ['explore space.npu --out parts', 0],
    ['merge parts', 0],
    ['merge folder', 2],
    ['diff a.npu b.npu', 1],
    ['diff a.npu broken.npu', 2],
    ['diff a.npu', 2],
    ['explain', 0],
    ['explain slo-violated', 0],
    ['explain slo', 2],
  ])('%s', async (line, exitCode) => {
    const document = await documentOf(line);
    expect(document.exitCode).toBe(exitCode);
    expect(await problems(line.split(' ')[0] ?? '', document)).toEqual([]);
  });

  test('each command with JSON has a schema', () => {
    const withJson = commands.filter(({ options }) =>
      options.some(({ choices }) => choices?.includes('json') === true),
    );
    expect([...describedCommands].sort()).toEqual(withJson.map(({ name }) => name).sort());
  });

  test('a document of another form is rejected', async () => {
    const document = await documentOf('run a.npu');
    expect(await problems('run', { ...document, verdict: 'fine' })).not.toEqual([]);
    expect(await problems('run', { ...document, scenarios: [{}] })).not.toEqual([]);
    expect(await problems('run', { ...document, exitCode: '0' })).not.toEqual([]);
    expect(await problems('run', { ...document, diagnostics: [{ code: 'usage' }] })).not.toEqual([]);
    expect(await problems('check', document)).not.toEqual([]);
  });

  test('the list and an unknown command', async () => {
    expect((await stimpack('schema')).out).toBe(`${describedCommands.join('\n')}\n`);
    const { code, err } = await stimpack('schema', 'rnu');
    expect([code, err]).toEqual([2, expect.stringContaining("'rnu' prints no JSON document; did you mean 'run'?")]);
  });
});
