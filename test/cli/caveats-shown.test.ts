import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { offeredTools } from '../../cli/agents/offered-tools.ts';
import { capacity, explore, open, simulate } from '../../cli/api/index.ts';
import { engineOn } from '../../cli/real-engine.ts';
import { createNodeSources, openLibrary } from '../../host/index.ts';
import { realProgram, tinyDesign } from './real-program.ts';

/*
 * Every place that shows a verdict shows its caveats. One recorded trace is cut by the duration of its scenario. One verdict is decided
 * all the same (p50 far from its limit), and one is undecided because of the cut. The panel, its exported page and the editor have their own tests.
 */

const { directory, stimpack, write } = realProgram();
const file = join(directory, 'cut.npu');
/** The sentence that every report for people repeats. */
const cut = /The run replays \d+ of the 1000 requests in 't\.csv'/;

beforeAll(() => {
  const times = Array.from({ length: 1000 }, (_, index) => (index * 2 + ((index * 7) % 1000) / 1000).toFixed(3));
  const design = tinyDesign
    .replace('duration: 2000 requests', 'duration: 1.95 s')
    .replace('poisson(load)', 'trace("t.csv")')
    .replace('p99 latency <= 5 ms, accuracy >= 75 %', 'p50 latency <= 20 ms, p99.9 latency <= 20 us');
  const exploration =
    'explore Space {\n  scenario: Calm\n  vary Tiny.clock in [0.9 GHz, 1 GHz]\n  minimize energy\n}\n';
  write({ 't.csv': `timestamp_ms\n${times.join('\n')}\n`, 'cut.npu': `${design}${exploration}`, 'other.npu': design });
  // Higher loads finish the trace earlier, so a capacity depends on the cut only if the duration is far shorter.
  write({ 'brief.npu': design.replace('1.95 s', '0.1 ms') });
});

test('the input has one decided and one undecided verdict, both with the caveat', async () => {
  const { out, code } = await stimpack('run', 'cut.npu', '--format', 'json');
  expect(code).toBe(1);
  const [scenario] = (
    JSON.parse(out) as { scenarios: { serves: { slos: { verdict: string }[] }[]; caveats: object[] }[] }
  ).scenarios;
  expect(scenario?.serves[0]?.slos.map(({ verdict }) => verdict)).toEqual(['met', 'undecided']);
  expect(scenario?.caveats).toMatchObject([{ code: 'trace-cut', text: expect.stringMatching(cut) }]);
});

describe('the command line', () => {
  test.each<[string, RegExp]>([
    ['run cut.npu', cut],
    ['run cut.npu --format json', cut],
    ['run cut.npu --format junit', /name="Net: p50 latency &lt;= 20 ms">\s+<system-out>caveat: The run replays/],
    ['run cut.npu --format junit', /<failure type="slo-undecided"[^>]*The run replays/],
    ['run cut.npu --format sarif', cut],
    ['run cut.npu --format github', /^cut\.npu: Calm: undecided\n {2}caveat: The run replays/m],
    ['capacity brief.npu', /This result depends on .*caveat/],
    ['capacity brief.npu --format json', /"caveats": \[\s*\{\s*"code": "trace-cut"/],
    ['explore cut.npu', cut],
    ['explore cut.npu --format json', cut],
    ['explore cut.npu --format csv', /^0,.*,trace-cut,/m],
    ['diff cut.npu other.npu', cut],
    ['diff cut.npu other.npu --format json', cut],
  ])('%s', async (line, shown) => {
    const { out } = await stimpack(...line.split(' '));
    expect(out).toMatch(shown);
  });

  test('merge of a part', async () => {
    await stimpack('explore', 'cut.npu', '--out', 'parts');
    const { out } = await stimpack('merge', 'parts', '--format', 'csv');
    expect(out).toMatch(/^0,.*,trace-cut,/m);
  });
});

describe('the functions of the npm package', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['simulate', async () => simulate(await open(file))],
    ['capacity', async () => capacity(await open(join(directory, 'brief.npu')))],
    ['explore', async () => explore(await open(file))],
  ])('%s', async (_, call) => {
    expect(JSON.stringify(await call())).toMatch(/"code":"trace-cut"/);
  });
});

describe('the tools for agents', () => {
  const sources = createNodeSources(openLibrary(resolve('library')));
  const offered = offeredTools({
    newEngine: () => engineOn(sources),
    directory,
    library: openLibrary(resolve('library')),
    readLibrary: () => '',
    readPanel: () => undefined,
    readShipped: () => undefined,
    startLanguageServer: async () => 0,
    startAgentServer: async () => 0,
  });
  test.each([
    ['run', 'cut.npu'],
    ['capacity', 'brief.npu'],
    ['explore', 'cut.npu'],
  ])('%s', async (tool, design) => {
    const result = await offered.call(tool, { file: design }, new AbortController().signal);
    expect(JSON.stringify(result)).toContain('trace-cut');
  });
});
