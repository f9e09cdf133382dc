import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/* The SDK's client against the bundle as a process. The client validates each result against the schema that the tool announces. */

/** The part of the SDK's client that these tests use. */
interface AgentClient {
  connect(transport: object): Promise<void>;
  close(): Promise<void>;
  getServerVersion(): { readonly name: string } | undefined;
  listTools(): Promise<{
    readonly tools: readonly {
      readonly name: string;
      readonly annotations?: { readonly readOnlyHint?: boolean };
      readonly outputSchema?: { readonly type: string };
    }[];
  }>;
  callTool(
    call: { readonly name: string; readonly arguments: object },
    schema: undefined,
    options: { readonly timeout: number },
  ): Promise<{ readonly isError?: boolean; readonly structuredContent?: object; readonly content: unknown }>;
}
const load = createRequire(import.meta.filename);
const { Client } = load('@modelcontextprotocol/sdk/client/index.js') as {
  readonly Client: new (facts: object) => AgentClient;
};
const { StdioClientTransport } = load('@modelcontextprotocol/sdk/client/stdio.js') as {
  readonly StdioClientTransport: new (server: object) => object;
};

const folder = mkdtempSync(path.join(tmpdir(), 'npu-agents-'));
cpSync('examples', folder, { recursive: true });
const small = (rate: number, limit: string): string => `
import "stimpack/tpuv4i"
let peak = ${rate} rps
let cmem = 128 MiB
npu Chip extends TPUv4i { CMEM { capacity: cmem } }
model Tiny {
  input: 56 x 56 x 64
  layers {
    conv1: conv { kernel: 3 x 3, filters: 64, padding: same }
    relu
    fc: dense { outputs: 1000 }
  }
}
scenario Quick {
  npu: Chip
  duration: 2000 requests
  serve Tiny {
    arrivals: poisson(peak)
    slo { p99 latency <= ${limit} }
  }
}
explore Sizes {
  scenario: Quick
  vary Chip.CMEM.capacity in [16 MiB, 32 MiB]
  minimize latency
}
`;
writeFileSync(path.join(folder, 'small.npu'), small(100, '1 s'));
const client = new Client({ name: 'test', version: '1' });
/** The machine of the tests can be busy. */
const timeout = 110_000;

beforeAll(() =>
  client.connect(
    new StdioClientTransport({ command: process.execPath, args: [path.resolve('dist/cli.cjs'), 'mcp'], cwd: folder }),
  ),
);
afterAll(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});

async function call(name: string, given: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { isError, structuredContent, content } = await client.callTool({ name, arguments: given }, undefined, {
    timeout,
  });
  const [{ text }] = content as [{ readonly text: string }];
  if (isError === true) return { error: text };
  expect(JSON.parse(text)).toEqual(structuredContent);
  return structuredContent as Record<string, unknown>;
}

describe('stimpack mcp', () => {
  test('announces its tools with schemas, as tools that change nothing', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'read_docs',
      'list_library',
      'check',
      'run',
      'explain_violation',
      'capacity',
      'explore',
    ]);
    for (const { name, annotations, outputSchema } of tools)
      expect([name, annotations?.readOnlyHint, outputSchema?.type]).toEqual([name, true, 'object']);
    expect(client.getServerVersion()?.name).toBe('stimpack');
  });

  test('a run has the verdict and numbers with units', async () => {
    expect(await call('run', { file: 'small.npu' })).toMatchObject({
      wasRun: true,
      verdict: 'met',
      scenarios: [
        {
          scenario: 'Quick',
          npu: 'Chip',
          serves: [
            {
              name: 'Tiny',
              p99LatencySeconds: expect.any(Number),
              objectives: [{ text: 'p99 latency <= 1 s', verdict: 'met', limitSeconds: 1 }],
            },
          ],
        },
      ],
      problems: [],
    });
  });

  test('a setting of one call does not change the next one', async () => {
    const offered = async (settings?: Record<string, string>): Promise<unknown> => {
      const { scenarios } = await call('run', { file: 'small.npu', ...(settings === undefined ? {} : { settings }) });
      return (scenarios as readonly { readonly serves: readonly { readonly offeredLoadRps: number }[] }[])[0]?.serves[0]
        ?.offeredLoadRps;
    };
    const [before, changed, after] = [await offered(), await offered({ peak: '1000 rps' }), await offered()];
    expect(Number(changed)).toBeGreaterThan(900);
    expect(Number(before)).toBeLessThan(110);
    expect(after).toBe(before);
  });

  test('a violated objective is explained from a text', async () => {
    const found = await call('explain_violation', { text: small(100, '1 ns') });
    expect(found).toMatchObject({
      wasRun: true,
      explanations: [{ scenario: 'Quick', serve: 'Tiny', objective: 'p99 latency <= 1 ns', verdict: 'violated' }],
      messages: [expect.stringContaining('p99 latency')],
    });
    const [{ latencyParts }] = found.explanations as [
      { readonly latencyParts: readonly { readonly meanSeconds: number }[] },
    ];
    const seconds = latencyParts.map(({ meanSeconds }) => meanSeconds);
    expect(seconds.length).toBeGreaterThan(0);
    expect(seconds).toEqual([...seconds].sort((one, other) => other - one));
  });

  test('capacity has both ends of the interval', async () => {
    const { scenarios } = await call('capacity', { text: small(100, '10 ms') });
    const [{ met, violated }] = scenarios as [Record<'met' | 'violated', { readonly factor: number }>];
    expect(met.factor).toBeGreaterThan(1);
    expect(violated.factor).toBeGreaterThan(met.factor);
  });

  test('explore gives the front with the values of the axes', async () => {
    expect(await call('explore', { file: 'small.npu' })).toMatchObject({
      wasRun: true,
      designCount: 2,
      triedCount: 2,
      front: expect.arrayContaining([
        expect.objectContaining({
          values: { 'Chip.CMEM.capacity': expect.stringMatching(/MiB$/u) },
          p99LatencySeconds: expect.any(Number),
        }),
      ]),
    });
  });

  test.each([
    [
      'check',
      { text: 'npu A { clok: 1 GHz }' },
      { problems: expect.arrayContaining([expect.objectContaining({ code: 'unknown-property' })]) },
    ],
    ['check', { file: 'nope.npu' }, { errorCount: 1, problems: [expect.objectContaining({ code: 'no-such-file' })] }],
    ['run', { file: 'nope.npu' }, { wasRun: false, problems: [expect.objectContaining({ code: 'no-such-file' })] }],
    [
      'run',
      { file: 'small.npu', scenario: 'Quik' },
      { wasRun: false, problems: [expect.objectContaining({ code: 'unknown-scenario' })] },
    ],
    ['capacity', { text: '' }, { wasRun: false }],
    ['explore', { text: '' }, { wasRun: false }],
    ['run', { file: '--help' }, { wasRun: false }],
    ['run', {}, { error: expect.stringContaining("'file'") }],
    ['run', { file: 'small.npu', text: '' }, { error: expect.stringContaining("either 'file'") }],
    ['run', { fil: 'small.npu' }, { error: expect.stringContaining("no argument 'fil'") }],
    ['run', { file: 'small.npu', seed: -1 }, { error: expect.stringContaining('whole number from 0') }],
    ['run', { file: 'small.npu', settings: { peak: 9 } }, { error: expect.stringContaining('values are texts') }],
    ['nothing', {}, { error: expect.stringContaining("no tool 'nothing'") }],
    ['read_docs', { page: 'sumary' }, { error: expect.stringContaining("did you mean 'summary'?") }],
    ['read_docs', { page: '../package' }, { error: expect.stringContaining('no page') }],
    ['read_docs', { page: 'cli', section: 'runn' }, { error: expect.stringContaining("no section 'runn'") }],
  ])('%s %j', async (name, given, expected) => {
    expect(await call(name, given)).toMatchObject(expected);
  });
});
