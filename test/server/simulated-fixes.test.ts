import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest';
import type { CodeAction, Diagnostic, TextDocumentEdit, TextEdit } from 'vscode-languageserver/node';
import { comparedTexts } from '../../design/index.ts';
import { TestServer } from './language-server.ts';
import { applyEdits } from './marked-document.ts';

/*
 * A fix for a violated objective has been simulated. If it is applied and saved, the verdict is `met`. There is one
 * design for each kind of fix, violated by the property that the fix changes.
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

/** Tests share one server, as the documents of a window do. Each test has its own document. */
let common: TestServer;
beforeAll(async () => {
  common = (await TestServer.start()).server;
  await openChips(common);
});
afterAll(() => common.stop());

/** A server with another environment, and the document of the test. */
let other: TestServer | undefined;
let document = '';
afterEach(async () => {
  if (other === undefined) await common.close(document);
  await other?.stop();
  other = undefined;
});

const openChips = (s: TestServer): Promise<void> =>
  s.open('file:///fixes/chips.npu', `${imports}npu Slow extends Stimpack { CMEM: none, HBM { bandwidth: 100 GB/s } }`);

let count = 0;
async function opened(
  text: string,
  env?: Readonly<Record<string, string>>,
): Promise<{ readonly s: TestServer; readonly uri: string }> {
  if (env !== undefined) {
    other = (await TestServer.start({ env })).server;
    await openChips(other);
  }
  const s = other ?? common;
  count += 1;
  document = `file:///fixes/design${count}.npu`;
  await s.open(document, text);
  await s.phase(document, 'fresh');
  return { s, uri: document };
}

/** The verdicts of the newest run. */
const verdicts = (s: TestServer, uri: string): readonly string[] =>
  s.results(uri).flatMap((result) => result.main.serves.flatMap((serve) => serve.slos.map((slo) => slo.verdict)));

/** Requests fixes as a user does, and so waits for those that are still being searched. */
async function offers(s: TestServer, uri: string): Promise<readonly CodeAction[]> {
  const diagnostics = s.lastPublished(uri);
  const [found] = diagnostics;
  if (found === undefined) return [];
  const context = { diagnostics, triggerKind: 1 };
  return s.ask<CodeAction[]>('codeAction', uri, { range: found.range, context });
}

/** Waits until a fix is found. */
async function offered(s: TestServer, uri: string, title: RegExp): Promise<CodeAction> {
  for (;;) {
    const action = (await offers(s, uri)).find((one) => title.test(one.title));
    if (action !== undefined) return action;
  }
}

/** The text with a fix applied. The fix names the version of the document. */
function fixedBy(action: CodeAction, uri: string, text: string): string {
  const [change] = (action.edit?.documentChanges ?? []) as TextDocumentEdit[];
  expect(change?.textDocument).toEqual({ uri, version: expect.any(Number) });
  return applyEdits(text, (change?.edits ?? []) as TextEdit[]);
}

async function saved(s: TestServer, uri: string, text: string): Promise<void> {
  await s.change(uri, text);
  const runs = s.states.length;
  await s.save(uri);
  await s.until(() => s.states.slice(runs).find(({ state }) => state.uri === uri && state.phase === 'fresh'));
}

function check(kind: string, title: RegExp, text: string, expected: RegExp): void {
  it(kind, async () => {
    const { s, uri } = await opened(text);
    expect(verdicts(s, uri)).not.toEqual(['met']);
    const action = await offered(s, uri, title);
    expect((action.diagnostics as Diagnostic[]).map((one) => one.source)).toEqual(['stimpack']);
    const fixed = fixedBy(action, uri, text);
    expect(fixed).toMatch(expected);
    await s.change(uri, fixed);
    expect((await s.pull(uri)).filter((one) => one.severity === 1)).toEqual([]);
    await saved(s, uri, fixed);
    expect(verdicts(s, uri)).toEqual(['met']);
    expect(s.lastPublished(uri)).toEqual([]);
    // The value in the offer is the one that the run measures.
    const [outcome] = s.results(uri).flatMap((result) => result.main.serves.flatMap((serve) => serve.slos));
    expect(action.title).toContain(outcome && comparedTexts(outcome).measured);
  });
}

describe('an undecided objective', () => {
  const short = (duration: string, arrivals = 'poisson(9000 rps)'): string =>
    `${imports}scenario Rush {
  npu: Stimpack
  ${duration}
  serve ResNet50 {
    arrivals: ${arrivals}
    slo { p99 latency <= 5 ms }
  }
}
`;

  it.each([
    ['a time', 'duration: 40 ms', /^Run until decided: duration [\d.]+ m?s instead of 40 ms/, /duration: [\d.]+ m?s\n/],
    ['a number', 'duration: 300 requests', /^Run until decided: [\d,]+ requests instead of 300/, /: \d+ requests/],
    ['a budget', 'duration: auto(300 requests)', /^Run until decided: budget of [\d,]+/, /auto\(\d+ requests\)/],
  ])('is decided by a longer run: %s', async (_, duration, title, expected) => {
    const text = short(duration);
    const { s, uri } = await opened(text);
    expect(verdicts(s, uri)).toEqual(['undecided']);
    const action = await offered(s, uri, title);
    const fixed = fixedBy(action, uri, text);
    expect(fixed).toMatch(expected);
    await saved(s, uri, fixed);
    const [verdict = ''] = verdicts(s, uri);
    expect(['met', 'violated']).toContain(verdict);
    const [outcome] = s.results(uri).flatMap((result) => result.main.serves.flatMap((serve) => serve.slos));
    expect(action.title).toContain(`${outcome && comparedTexts(outcome).measured}, ${verdict})`);
  });
});

describe('a fix, applied and saved, makes the verdict met', () => {
  check(
    'the largest load',
    /^Lower the load to [\d,]+ rps \(largest that meets p99 latency <= 5 ms: [\d.]+ ms\)$/,
    imports + rush({ npu: 'Stimpack', rate: '60000 rps' }),
    /poisson\(\d+ rps\)/,
  );
  check(
    'the largest load, if a let names it',
    /^Lower the load/,
    `${imports}let peak = 60000 rps\n${rush({ npu: 'Stimpack', rate: 'peak' })}`,
    /let peak = \d+ rps[\s\S]*poisson\(peak\)/,
  );
  check(
    'the smallest bandwidth',
    /^Raise HBM bandwidth from 100 GB\/s to \d+ GB\/s \(p99 latency [\d.]+ [mµ]s\)$/,
    imports + chip('  CMEM: none\n  HBM { bandwidth: 100 GB/s }') + rush({ rate: '3000 rps' }),
    /HBM \{ bandwidth: \d+ GB\/s \}/,
  );
  check(
    'the smallest bandwidth, of a chip in another file',
    /^Raise HBM bandwidth from 100 GB\/s to \d+ GB\/s \(p99 latency [\d.]+ [mµ]s\)$/,
    `import "./chips.npu"\n${rush({ npu: 'Slow' })}`,
    /npu SlowTuned extends Slow \{\n {2}HBM \{ bandwidth: \d+ GB\/s \}\n\}[\s\S]*npu: SlowTuned/,
  );
  check(
    'the fewest arrays',
    /^Use \d+ arrays instead of 1 \(p99 latency [\d.]+ [mµ]s\)$/,
    imports + chip('  array { count: 1 }') + rush({ rate: '6000 rps' }),
    /array \{ count: \d+ \}/,
  );
  check(
    'the smallest array',
    /^Use arrays of \d+ x \d+ instead of 32 x 32 \(p99 latency [\d.]+ [mµ]s\)$/,
    imports + chip('  array { rows: 32, columns: 32 }') + rush({ rate: '2000 rps' }),
    /array \{ rows: \d+, columns: \d+ \}/,
  );
  check(
    'the smallest scratchpad',
    /^Enlarge CMEM from 8 MiB to \d+ MiB \(p99 latency [\d.]+ [mµ]s\)$/,
    imports + chip('  CMEM { capacity: 8 MiB }\n  HBM { bandwidth: 100 GB/s }') + rush({ rate: '3000 rps' }),
    /CMEM \{ capacity: \d+ MiB \}/,
  );
  check(
    'burst mode',
    /^Turn burst mode on, burst: (?:slack|always) \(p99 latency [\d.]+ [mµ]s\)$/,
    imports + rush({ npu: 'Stimpack', rate: '12000 rps' }),
    /burst: (?:slack|always)/,
  );
  check(
    'a limit that can be met',
    /^Relax the objective to p99 latency <= [\d.]+ (?:us|ms|s) \(measured: [\d.]+ [µm]?s\)$/,
    imports + rush({ npu: 'Stimpack', rate: '3000 rps', goal: 'p99 latency <= 10 us' }),
    /p99 latency <= [\d.]+ (?:us|ms|s) /,
  );
});

test('an accuracy that burst mode lowers', async () => {
  const text =
    imports + rush({ npu: 'Stimpack', goal: 'accuracy >= 76.4 %', scheduler: 'scheduler { burst: always }' });
  const { s, uri } = await opened(text);
  const action = await offered(s, uri, /^(?:Turn burst mode off|Change burst)/);
  expect(action.title).toMatch(/\(accuracy 76\.4\d? %\)$/);
  await saved(s, uri, fixedBy(action, uri, text));
  expect(verdicts(s, uri)).toEqual(['met']);
});

test('a change that cannot help is not offered', async () => {
  const { s, uri } = await opened(imports + rush({ npu: 'Stimpack', rate: '3000 rps', goal: 'p99 latency <= 1 us' }));
  // The limit is searched last, so all results are known by then.
  await offered(s, uri, /^Relax/);
  expect((await offers(s, uri)).map(({ title }) => title.split(' ')[0])).toEqual(['Relax']);
});

test('a result that depends on a caveat is not searched, because no change could be met', async () => {
  // Layers whose tiles do not fit are timed as if they fitted.
  const small = chip('  VMEM { capacity: 16 KiB }');
  const { s, uri } = await opened(imports + small + rush({ rate: '60000 rps' }));
  expect(verdicts(s, uri)).toEqual(['violated']);
  expect(s.lastPublished(uri).at(-1)?.relatedInformation?.[0]?.message).toMatch(/^caveat: VMEM of Mine has 16 KiB/);
  expect(await offers(s, uri)).toEqual([]);
});

test('stale results offer nothing, and a comment keeps the found fixes, at their new place', async () => {
  const text = imports + rush({ npu: 'Stimpack', rate: '60000 rps' });
  const { s, uri } = await opened(text);
  const { title } = await offered(s, uri, /^Lower the load/);
  await s.change(uri, text.replace('60000', '50000'));
  expect(await offers(s, uri)).toEqual([]);
  const moved = `// Far too much.\n${text}`;
  await s.change(uri, moved);
  const action = await offered(s, uri, /^Lower the load/);
  expect(action.title).toBe(title);
  const fixed = fixedBy(action, uri, moved);
  await saved(s, uri, fixed);
  expect(verdicts(s, uri)).toEqual(['met']);
});

test('a save comes before a search, and the search continues after it', async () => {
  const text = imports + rush({ npu: 'Stimpack', rate: '60000 rps' });
  const { s, uri } = await opened(text);
  await saved(s, uri, text.replace('60000', '500'));
  expect(verdicts(s, uri)).toEqual(['met']);
  expect(await offers(s, uri)).toEqual([]);
  const beside = 'file:///fixes/beside.npu';
  await saved(s, uri, text);
  await s.open(beside, imports + rush({ npu: 'Stimpack', rate: '500 rps' }));
  await s.phase(beside, 'fresh');
  expect((await offered(s, uri, /^Lower the load/)).edit).toBeDefined();
  await s.close(beside);
});

test('an editor that requests automatically is answered at once, and informed when there is more', async () => {
  const text = imports + rush({ npu: 'Stimpack', rate: '60000 rps' });
  const { s, uri } = await opened(text);
  const range = s.lastPublished(uri)[0]?.range;
  const told = s.published.length;
  const context = { diagnostics: s.lastPublished(uri), triggerKind: 2 };
  await s.ask<CodeAction[]>('codeAction', uri, { range, context });
  await s.until(() => (s.published.length > told ? true : undefined));
  const titles = (await s.ask<CodeAction[]>('codeAction', uri, { range, context })).map((one) => one.title);
  expect(titles).toContainEqual(expect.stringMatching(/^Lower the load/));
});

/** Two scenarios with one scheduler: burst mode helps one and lowers the accuracy that the other requires. */
const shared = (rate: string, accuracy: string): string => `${imports}
scheduler Shared { burst: never }
scenario Day {
  npu: Stimpack
  scheduler: Shared
  serve ResNet50 { arrivals: poisson(${rate}), slo { p99 latency <= 5 ms } }
}
scenario Night {
  npu: Stimpack
  scheduler: Shared
  serve ResNet50 { arrivals: poisson(11000 rps), slo { accuracy >= ${accuracy} } }
}
`;

test('a fix that makes another scenario violated states it, and comes after those that do not', async () => {
  const text = shared('12000 rps', '76.45 %');
  const { s, uri } = await opened(text);
  expect(verdicts(s, uri)).toEqual(['violated', 'met']);
  const action = await offered(s, uri, /^Turn burst mode on/);
  expect(action.title).toMatch(/\(p99 latency [\d.]+ [mµ]s\), but Night then misses its accuracy >= 76\.45 %$/);
  const titles = (await offers(s, uri)).map(({ title }) => title);
  expect(titles.filter((title) => title.includes(', but '))).toEqual([action.title]);
  expect(titles.at(-1)).toBe(action.title);
  await saved(s, uri, fixedBy(action, uri, text));
  expect(verdicts(s, uri)).toEqual(['met', 'violated']);
});

test('a fix that leaves another scenario met is offered without a warning', async () => {
  const text = shared('12000 rps', '70 %');
  const { s, uri } = await opened(text);
  const action = await offered(s, uri, /^Turn burst mode on/);
  expect(action.title).toMatch(/\(p99 latency [\d.]+ [mµ]s\)$/);
  await saved(s, uri, fixedBy(action, uri, text));
  expect(verdicts(s, uri)).toEqual(['met', 'met']);
});

describe('a serve with two violated objectives', () => {
  const text = readFileSync('examples/rush.npu', 'utf8')
    .replace('let peak = 13000 rps', 'let peak = 24000 rps')
    .replace('accuracy >= 76.3 %', 'accuracy >= 76.35 %')
    .replace(/ {2}compare:.*\n/u, '');
  /** The offers for the objective in a line, once one of its fixes is found. */
  const titlesOf = async (s: TestServer, uri: string, objective: string, last: RegExp): Promise<readonly string[]> => {
    const diagnostics = s.lastPublished(uri).filter(({ message }) => String(message).startsWith(objective));
    const range = diagnostics[0]?.range;
    for (;;) {
      const found = await s.ask<CodeAction[]>('codeAction', uri, { range, context: { diagnostics, triggerKind: 1 } });
      const titles = found.map(({ title }) => title);
      if (titles.some((title) => last.test(title))) return titles;
    }
  };

  it('is offered first the load that meets both, and the title of a fix for one names the other', async () => {
    const { s, uri } = await opened(text);
    expect(verdicts(s, uri)).toEqual(['violated', 'violated']);
    const titles = await titlesOf(s, uri, 'p99 latency', /^Lower.*p99 latency <=/);
    expect(titles[0]).toMatch(
      /^Lower the load to [\d,]+ rps \(largest that meets every objective of this serve: p99 latency [\d.]+ ms, accuracy [\d.]+ %\)$/,
    );
    expect(titles[1]).toMatch(
      /^Lower the load to [\d,]+ rps \(largest that meets p99 latency <= 15 ms: [\d.]+ ms\), accuracy >= 76\.35 % stays missed$/,
    );
    const action = await offered(s, uri, /every objective/);
    await saved(s, uri, fixedBy(action, uri, text));
    expect(verdicts(s, uri)).toEqual(['met', 'met']);
  });

  it('is offered last a fix that makes the other objective worse, and its title states it', async () => {
    const { s, uri } = await opened(text);
    // The chip is overloaded, so no relaxed accuracy is certain to be met in the long run, and none is offered.
    const titles = await titlesOf(s, uri, 'accuracy', /^Turn burst mode off/);
    expect(titles.filter((title) => title.startsWith('Lower the load'))).toHaveLength(1);
    expect(titles.at(-1)).toMatch(
      /^Turn burst mode off, burst: never \(accuracy 76\.46 %\), but p99 latency goes from [\d.]+ ms to [\d.]+ ms$/,
    );
    expect(titles.filter((title) => title.includes(', but '))).toHaveLength(1);
  });
});

describe('a worker that dies during a search for fixes', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'stimpack-deaths-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const dying = (deaths: number): Readonly<Record<string, string>> => ({
    STIMPACK_SIMULATION_WORKER: path.resolve('test/server/dying-searcher.cjs'),
    STIMPACK_TEST_MARKER: path.join(folder, String(deaths)),
    STIMPACK_TEST_DEATHS: String(deaths),
  });
  const text = imports + rush({ npu: 'Stimpack', rate: '60000 rps' });

  it('once: the search finds the same fixes', async () => {
    const { s, uri } = await opened(text);
    const { title } = await offered(s, uri, /^Lower the load/);
    await s.close(uri);
    const { s: hurt, uri: again } = await opened(text, dying(1));
    expect((await offered(hurt, again, /^Lower the load/)).title).toBe(title);
  });

  it('each time: nothing is offered, and runs continue', async () => {
    const { s, uri } = await opened(text, dying(1000));
    // Every kind of fix is tried and fails.
    for (let asked = 0; asked < 5; asked++) expect(await offers(s, uri)).toEqual([]);
    await saved(s, uri, text.replace('60000', '500'));
    expect(verdicts(s, uri)).toEqual(['met']);
    expect(s.lastPublished(uri)).toEqual([]);
  });
});
