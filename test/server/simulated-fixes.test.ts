import { afterEach, describe, expect, it, test } from 'vitest';
import type { CodeAction, Diagnostic, TextEdit } from 'vscode-languageserver/node';
import { TestServer } from './language-server.ts';
import { applyEdits } from './marked-document.ts';

/*
 * A fix that is offered for a broken objective has been simulated: applied and saved, the verdict is `met`. One design for each kind, broken
 * by what that kind mends.
 */

const imports = 'import "stimpack/stimpack"\nimport "stimpack/resnet50"\n';
const chip = (changes: string): string => `npu Mine extends Stimpack {\n${changes}\n}\n`;
const rush = (parts: { npu?: string; rate?: string; goal?: string; scheduler?: string }): string =>
  `scenario Rush {
  npu: ${parts.npu ?? 'Mine'}
  ${parts.scheduler ?? 'scheduler { burst: never }'}
  serve ResNet50 {
    arrivals: poisson(${parts.rate ?? '3000 rps'})
    slo { ${parts.goal ?? 'p99 latency <= 5 ms'} }
  }
}
`;

let server: TestServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

let count = 0;
async function opened(text: string): Promise<{ readonly s: TestServer; readonly uri: string }> {
  const s = (await TestServer.start()).server;
  server = s;
  count += 1;
  const uri = `file:///fixes/design${count}.npu`;
  await s.open(
    'file:///fixes/chips.npu',
    `${imports}npu Slow extends Stimpack { CMEM: none, HBM { bandwidth: 100 GB/s } }`,
  );
  await s.open(uri, text);
  await s.phase(uri, 'fresh');
  return { s, uri };
}

/** Verdicts of the newest run. */
const verdicts = (s: TestServer, uri: string): readonly string[] =>
  s.results(uri).flatMap((result) => result.main.serves.flatMap((serve) => serve.slos.map((slo) => slo.verdict)));

async function offers(s: TestServer, uri: string): Promise<readonly CodeAction[]> {
  const diagnostics = s.lastPublished(uri);
  const [found] = diagnostics;
  if (found === undefined) throw new Error('nothing is broken');
  const context = { diagnostics };
  return s.ask<CodeAction[]>('codeAction', uri, { range: found.range, context });
}

const resolve = (s: TestServer, action: CodeAction): Promise<CodeAction> =>
  s.connection.sendRequest<CodeAction>('codeAction/resolve', action);

function check(kind: string, title: RegExp, text: string, expected: RegExp): void {
  it(kind, async () => {
    const { s, uri } = await opened(text);
    expect(verdicts(s, uri)).not.toEqual(['met']);
    const action = (await offers(s, uri)).find((one) => title.test(one.title));
    expect(action, 'is offered').toBeDefined();
    if (action === undefined) return;
    expect(action.edit, 'costs nothing before it is taken').toBeUndefined();
    expect((action.diagnostics as Diagnostic[]).map((one) => one.source)).toEqual(['stimpack']);
    const resolved = await resolve(s, action);
    const fixed = applyEdits(text, (resolved.edit?.changes?.[uri] ?? []) as TextEdit[]);
    expect(fixed).toMatch(expected);
    await s.change(uri, fixed);
    expect((await s.pull(uri)).filter((one) => one.severity === 1)).toEqual([]);
    const runs = s.states.length;
    await s.save(uri);
    await s.until(() => s.states.slice(runs).find(({ state }) => state.phase === 'fresh'));
    expect(verdicts(s, uri)).toEqual(['met']);
    expect(s.lastPublished(uri)).toEqual([]);
  });
}

describe('a fix, applied and saved, makes the verdict met', () => {
  check(
    'the largest load',
    /^Lower the load/,
    imports + rush({ npu: 'Stimpack', rate: '60000 rps' }),
    /poisson\(\d+ rps\)/,
  );
  check(
    'the largest load, where a let names it',
    /^Lower the load/,
    `${imports}let peak = 60000 rps\n${rush({ npu: 'Stimpack', rate: 'peak' })}`,
    /let peak = \d+ rps[\s\S]*poisson\(peak\)/,
  );
  check(
    'the smallest bandwidth',
    /^Raise the HBM bandwidth/,
    imports + chip('  CMEM: none\n  HBM { bandwidth: 100 GB/s }') + rush({ rate: '3000 rps' }),
    /HBM \{ bandwidth: \d+ GB\/s \}/,
  );
  check(
    'the smallest bandwidth, of a chip of another file',
    /^Raise the HBM bandwidth/,
    `import "./chips.npu"\n${rush({ npu: 'Slow' })}`,
    /npu SlowTuned extends Slow \{\n {2}HBM \{ bandwidth: \d+ GB\/s \}\n\}[\s\S]*npu: SlowTuned/,
  );
  check(
    'the fewest arrays',
    /^Add the fewest arrays/,
    imports + chip('  array { count: 1 }') + rush({ rate: '6000 rps' }),
    /array \{ count: \d+ \}/,
  );
  check(
    'the smallest scratchpad',
    /^Enlarge CMEM/,
    imports + chip('  CMEM { capacity: 8 MiB }\n  HBM { bandwidth: 100 GB/s }') + rush({ rate: '3000 rps' }),
    /CMEM \{ capacity: \d+ MiB \}/,
  );
  check(
    'burst mode',
    /^Turn burst mode on/,
    imports + rush({ npu: 'Stimpack', rate: '12000 rps' }),
    /burst: (?:slack|always)/,
  );
  check(
    'a limit that is reached',
    /^Relax/,
    imports + rush({ npu: 'Stimpack', rate: '3000 rps', goal: 'p99 latency <= 10 us' }),
    /p99 latency <= [\d.]+ (?:us|ms|s) /,
  );
});

test('what cannot help says so', async () => {
  const { s, uri } = await opened(imports + rush({ npu: 'Stimpack', rate: '3000 rps', goal: 'p99 latency <= 1 us' }));
  const action = (await offers(s, uri)).find((one) => one.title.startsWith('Lower the load'));
  expect(action).toBeDefined();
  expect((await resolve(s, action ?? { title: '' })).edit).toBeUndefined();
  expect(s.shown).toEqual(['p99 latency <= 1 us cannot be met like this: not even with 30 rps.']);
});

test('a fix of an older text is refused, and stale results offer none', async () => {
  const text = imports + rush({ npu: 'Stimpack', rate: '60000 rps' });
  const { s, uri } = await opened(text);
  const [action] = await offers(s, uri);
  await s.change(uri, text.replace('60000', '50000'));
  expect((await resolve(s, action ?? { title: '' })).edit).toBeUndefined();
  expect(s.shown).toEqual(['The text has changed since: save it and try again.']);
  expect((await offers(s, uri)).filter((one) => one.data !== undefined)).toEqual([]);
});

test('a save cancels a search', async () => {
  const text = imports + rush({ npu: 'Stimpack', rate: '60000 rps' });
  const { s, uri } = await opened(text);
  const action = (await offers(s, uri)).find((one) => one.title.startsWith('Lower the load'));
  const search = resolve(s, action ?? { title: '' });
  const refused = expect(search).rejects.toThrow(/changed|cancelled/);
  const runs = s.states.length;
  await s.change(uri, text.replace('60000', '500'));
  await s.save(uri);
  await s.until(() => s.states.slice(runs).find(({ state }) => state.phase === 'fresh'));
  await refused;
  expect(verdicts(s, uri)).toEqual(['met']);
});
