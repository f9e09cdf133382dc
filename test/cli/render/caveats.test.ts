import { describe, expect, test } from 'vitest';
import { capacityJson } from '../../../cli/json/capacity.ts';
import { explorationJson } from '../../../cli/json/exploration.ts';
import { scenarioJson } from '../../../cli/json/run.ts';
import { renderCapacityReport } from '../../../cli/render/capacity-report.ts';
import { renderExplorationReport } from '../../../cli/render/exploration-report.ts';
import { renderRunReport } from '../../../cli/render/run-report/index.ts';
import { textWidth } from '../../../cli/render/text-width.ts';
import { exploredDesigns, resultPart } from '../../../cli/result-parts.ts';
import { explorationCsv } from '../../../cli/result-table.ts';
import type { Caveat, ExplorationResult, Verdict } from '../../../design/index.ts';
import { readResults, resultLines } from '../../../formats/index.ts';
import { capacityResult, openOutcome, pipe, runOf, scenarioResult, serveOf, terminalOf } from '../hand-made.ts';

const origin = { uri: 'test:', start: 0, end: 0 };
const rows: Caveat = {
  code: 'trace-rows',
  origin,
  text: '3 of 8,819 rows of the trace could not be read and were left out. Write `skip: bad rows` to accept this.',
  effect: { kind: 'more-requests', count: 3 },
};
const guess: Caveat = { code: 'onnx-approximated', origin, text: 'A guess.', effect: { kind: 'any' }, serves: ['Net'] };

const serve = serveOf('Net', 'undecided', 0.0075);
const main = {
  ...runOf('Rush', [{ ...serve, slos: serve.slos.map((one) => openOutcome(one, [rows])) }]),
  caveats: [rows],
};
const result = { ...scenarioResult(), main };

describe('the stated inputs of the file', () => {
  const statedInputs = ['Net: 3 Foo operators are counted as elementwise.'];

  test('are in the report and the JSON of a run', () => {
    const stated = { ...scenarioResult(), main: { ...scenarioResult().main, statedInputs } };
    expect(renderRunReport(stated, pipe)).toContain(
      '\nStated in the file:\n  - Net: 3 Foo operators are counted as elementwise.\n',
    );
    expect(scenarioJson(stated)).toMatchObject({ statedInputs });
    expect(renderRunReport(scenarioResult(), pipe)).not.toContain('Stated');
    expect(scenarioJson(scenarioResult())).toMatchObject({ statedInputs: [] });
  });

  test('are in the report and the JSON of a capacity', () => {
    const stated = { ...capacityResult(1.25), statedInputs };
    expect(renderCapacityReport(stated, pipe)).toContain('\nStated in the file:\n');
    expect(capacityJson(stated)).toMatchObject({ statedInputs });
  });
});

describe('caveats next to verdicts', () => {
  test('are in the report of a run', () => {
    const text = renderRunReport(result, pipe);
    expect(text).toContain('? undecided');
    expect(text).toMatch(
      /This result depends on a caveat:\n {2}- 3 of 8,819 rows[\s\S]*3 requests are missing from the run\.\n\n2 objectives: 2 undecided/,
    );
    expect(renderRunReport(scenarioResult(), pipe)).not.toContain('caveat');
    for (const line of renderRunReport(result, terminalOf(60)).split('\n'))
      expect(textWidth(line)).toBeLessThanOrEqual(60);
    expect(scenarioJson(result)).toMatchObject({
      verdict: 'undecided',
      caveats: [{ code: 'trace-rows', effect: 'more-requests', missingRequests: 3, serves: null }],
      serves: [{ slos: [{ undecidedBecause: 'caveat', verdictIfAccepted: 'met' }, { verdictIfAccepted: 'met' }] }],
    });
  });

  test.each<[Verdict, RegExp]>([
    ['met', /up to 2,500 rps \(1\.25x the load as written\)\n/],
    ['undecided', /up to 2,500 rps \(1\.25x the load as written\), undecided until the caveats below are accepted\n/],
  ])('are in the report of a capacity that is %s at its lower end', (verdict, says) => {
    const whole = capacityResult(1.25);
    const low = whole.low && { ...whole.low, verdict };
    const text = renderCapacityReport({ ...whole, low, caveats: [rows] }, pipe);
    expect(text).toMatch(says);
    expect(text).toContain('This result depends on a caveat:');
    expect(capacityJson({ ...whole, caveats: [rows] })).toMatchObject({ caveats: [{ code: 'trace-rows' }] });
  });

  test('are in the report of an exploration, and of the parts that merge reads', () => {
    const explored = { file: 'e.npu', npu: 'Chip', hash: 'h', shard: null, further: [], details: new Map() };
    const exploration = {
      name: 'E',
      scenario: 'S',
      origin,
      axes: [{ path: 'a', origin, values: [{ text: '1', value: 1 }] }],
      goals: [{ sense: 'maximize', measure: 'throughput', origin }],
    } as const;
    const found: ExplorationResult = {
      exploration,
      count: 1,
      tried: 1,
      choices: [Uint16Array.of(0)],
      measures: [Float64Array.of(1)],
      verdicts: Uint8Array.of(2),
      front: Uint8Array.of(1),
      problems: [],
      asWritten: 0,
      caveats: [rows, guess],
      statedInputs: ['Trace t.csv: its times are in s.', 'Accepted (trace-counts): Rows count requests.'],
    };
    const report = renderExplorationReport(found, explored, pipe);
    expect(report).toContain('This result depends on 2 caveats:');
    expect(report).toMatch(/Stated in the file:.*Trace t\.csv.*Accepted \(trace-counts\)/su);
    expect(explorationCsv(found, explored)).toContain('Trace t.csv: its times are in s. Accepted (trace-counts)');
    expect(explorationCsv(found, explored)).toMatch(
      /^design,a,a \(as written\),verdict,front,throughputRps,throughputLowRps,throughputHighRps,caveats,statedInputs,problem,npu,seed,designHash,planHash,searchSeed,toolVersion\n0,1,1,/u,
    );
    expect(explorationJson(found, explored)).toMatchObject({ statedInputs: found.statedInputs });
    expect(explorationJson(found, explored)).toMatchObject({ caveats: [{ code: 'trace-rows' }, { serves: ['Net'] }] });
    const read = readResults([...resultLines(resultPart(found, explored, [0]))].join(''));
    if (read.kind !== 'part') throw new Error('written by ourselves');
    expect(exploredDesigns(read.part.plan, read.part).statedInputs).toEqual(found.statedInputs);
    expect(exploredDesigns(read.part.plan, read.part).caveats).toMatchObject(
      [rows, guess].map(({ text }) => ({ text })),
    );
  });
});
