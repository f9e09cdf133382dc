import { describe, expect, test } from 'vitest';
import { renderExplorationReport } from '../../../cli/render/exploration-report.ts';
import { textWidth } from '../../../cli/render/text-width.ts';
import { type Look, plainLook } from '../../../cli/terminal.ts';
import { type Exploration, type ExplorationResult, exploredVerdicts } from '../../../design/index.ts';
import { explorationResult } from '../../../simulator/index.ts';

const origin = { uri: 'file:///e.npu', start: 0, end: 1 };
const axis = (path: string, values: readonly string[]) => ({
  path,
  origin,
  values: values.map((text) => ({ text, value: null })),
});

const exploration: Exploration = {
  name: 'Sizing',
  origin,
  scenario: 'Rush',
  axes: [
    axis('Chip.CMEM.capacity', ['64 MiB', '128 MiB']),
    axis('Chip.HBM.bandwidth', ['400 GB/s', '600 GB/s', '1 TB/s']),
  ],
  goals: [
    { sense: 'maximize', measure: 'capacity', origin },
    { sense: 'minimize', measure: 'energy', origin },
  ],
};

/** Hand-made: the numbers have no meaning. */
function result(of: Exploration = exploration, asWritten = 1): ExplorationResult {
  const verdicts = ['met', 'met', 'undecided', 'violated', 'met', 'unbuilt'] as const;
  return explorationResult(of, asWritten, [
    {
      designs: Uint32Array.of(0, 1, 2, 3, 4, 5),
      measures: [
        Float64Array.of(9000, 10_000, 12_000, 20_000, 15_000, Number.NaN),
        Float64Array.of(7e-3, 8e-3, 9e-3, 1e-3, 8.5e-3, Number.NaN),
      ],
      verdicts: Uint8Array.from(verdicts, (verdict) => exploredVerdicts.indexOf(verdict)),
      problems: [{ design: 5, message: "'CMEM' needs 'capacity'" }],
      caveats: [],
      statedInputs: [],
    },
  ]);
}

const explored = { file: 'e.npu', npu: 'Chip', hash: '', shard: null, further: [], details: new Map() };
const terminal: Look = { colour: true, plots: true, unicode: true, width: 100 };

describe('the report of an exploration', () => {
  test('shows the front, the range of each goal, and the place of each design', () => {
    expect(renderExplorationReport(result(), explored, plainLook)).toBe(`Sizing
  Rush on Chip: maximize capacity, minimize energy

  6 designs: 3 meet all objectives, 1 violates one, 1 is undecided, 1 makes no design
  largest capacity: 15,000 rps (50 % more than as written), CMEM.capacity 128 MiB, HBM.bandwidth 600 GB/s
  smallest energy per request: 7 mJ (13 % less than as written), CMEM.capacity 64 MiB, HBM.bandwidth 400 GB/s

  Pareto front: no other design is as good in every goal and better in one
  CMEM.capacity  HBM.bandwidth    capacity  energy per request  objectives
        128 MiB       600 GB/s  15,000 rps              8.5 mJ  met
         64 MiB       600 GB/s  10,000 rps                8 mJ  met         ← as written
         64 MiB       400 GB/s   9,000 rps                7 mJ  met

  capacity, rps: HBM.bandwidth across; * on the front, ✗ violates an objective, ? undecided
  CMEM.capacity  400 GB/s   600 GB/s   1 TB/s
         64 MiB     9,000*    10,000*  12,000?
        128 MiB    20,000✗    15,000*       –

  energy per request, mJ: HBM.bandwidth across; * on the front, ✗ violates an objective, ? undecided
  CMEM.capacity  400 GB/s   600 GB/s   1 TB/s
         64 MiB         7*         8*       9?
        128 MiB         1✗       8.5*       –

  1 without a design: 'CMEM' needs 'capacity'
`);
  });

  test('shows the design as written below the front if it is not on it', () => {
    const lines = renderExplorationReport(result(exploration, 2), explored, plainLook).split('\n');
    expect(lines.find((line) => line.includes('as written') && line.includes('rps  '))).toMatch(
      /12,000 rps.*undecided {3}← as written$/u,
    );
  });

  test('lists all designs if there is one axis', () => {
    const one = { ...exploration, axes: [axis('load', ['1 rps', '2 rps', '3 rps', '4 rps', '5 rps', '6 rps'])] };
    const text = renderExplorationReport(result(one), explored, plainLook);
    expect(text).toContain('All designs');
    expect(text).toMatch(/2 rps {2}10,000 rps .* ← as written, on the front/u);
    expect(text).not.toContain('across');
  });

  test.each([40, 60, 80, 100])('fits a terminal of %i columns', (width) => {
    for (const line of renderExplorationReport(result(), explored, { ...terminal, width }).split('\n')) {
      expect(textWidth(line), line).toBeLessThanOrEqual(width);
    }
  });
});
