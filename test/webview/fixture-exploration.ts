import type { Exploration, ExplorationMeasure, ExplorationResult, ExploreAnswer } from '../../protocol/index.ts';
import { exploredVerdicts, pack } from '../../protocol/index.ts';
import { fixtureOrigin } from './fixture-run.ts';

const bandwidth = [400, 500, 600, 700, 800, 900, 1000, 1100, 1200];
const capacity = [64, 128, 256];

/** Two axes and two goals. */
export const sizing: Exploration = explorationOf(
  'Sizing',
  [
    ['Stimpack.CMEM.capacity', capacity.map((mebibytes) => `${mebibytes} MiB`)],
    ['Stimpack.HBM.bandwidth', bandwidth.map((gigabytes) => `${gigabytes} GB/s`)],
  ],
  [
    ['maximize', 'capacity'],
    ['minimize', 'energy'],
  ],
);

export function explorationOf(
  name: string,
  axes: readonly (readonly [path: string, values: readonly string[]])[],
  goals: readonly (readonly [sense: 'maximize' | 'minimize', measure: ExplorationMeasure])[],
): Exploration {
  return {
    name,
    origin: fixtureOrigin(1500, 1800),
    scenario: 'Rush',
    axes: axes.map(([path, values], i) => ({
      path,
      values: values.map((text) => ({ text, value: Number.parseFloat(text) })),
      origin: fixtureOrigin(1520 + 40 * i, 1555 + 40 * i),
    })),
    goals: goals.map(([sense, measure], i) => ({
      sense,
      measure,
      origin: fixtureOrigin(1700 + 20 * i, 1715 + 20 * i),
    })),
  };
}

interface Made {
  /** How many designs were simulated; all if absent. */
  readonly tried?: number;
  readonly asWritten?: number;
  /** A design meets its objectives if its capacity is at least this. */
  readonly neededRps?: number;
}

/** An invented chip: more memory and bandwidth allow more load, with diminishing returns, and cost energy. */
export function explored(
  exploration: Exploration,
  { tried, asWritten = 11, neededRps = 9600 }: Made = {},
): ExplorationResult {
  const count = exploration.axes.reduce((product, axis) => product * axis.values.length, 1);
  const done = tried ?? count;
  const choices = exploration.axes.map(() => new Uint16Array(count));
  const measures = exploration.goals.map(() => new Float64Array(count).fill(Number.NaN));
  const verdicts = new Uint8Array(count).fill(exploredVerdicts.indexOf('unbuilt'));
  const problems: { design: number; message: string }[] = [];
  for (let design = 0; design < count; design++) {
    let rest = design;
    for (let axis = exploration.axes.length - 1; axis >= 0; axis--) {
      const values = exploration.axes[axis]?.values.length ?? 1;
      const column = choices[axis];
      if (column !== undefined) column[design] = rest % values;
      rest = Math.floor(rest / values);
    }
    if (design >= done) continue;
    const share = (axis: number) =>
      (choices[axis]?.[design] ?? 0) / Math.max(1, (exploration.axes[axis]?.values.length ?? 1) - 1);
    const size = exploration.axes.reduce((sum, _, axis) => sum + Math.sqrt(share(axis)) / (1 + 0.7 * axis), 0);
    const cost = exploration.axes.reduce((sum, _, axis) => sum + share(axis) ** 1.5 * (axis === 1 ? 1.3 : 0.8), 0);
    if (exploration.axes.length > 1 && design === 2) {
      problems.push({ design, message: 'a CMEM of 64 MiB needs no more than 500 GB/s to fill' });
      continue;
    }
    const capacityRps = 7200 + 3300 * size - 260 * Math.sin(5 * share(1) + 3 * share(0));
    const values: Readonly<Partial<Record<ExplorationMeasure, number>>> = {
      capacity: capacityRps,
      throughput: Math.min(12_000, capacityRps),
      goodput: Math.min(12_000, capacityRps) * 0.98,
      latency: 40 / capacityRps,
      accuracy: 0.7629 + 0.0018 * share(0),
      energy: 2.4e-3 + 1.1e-3 * cost - 0.2e-3 * share(0),
      power: 80 + 30 * cost,
      area: 3e-4 * (1 + cost),
      chips: 1,
    };
    const verdict = capacityRps >= neededRps ? 'met' : capacityRps >= neededRps * 0.985 ? 'undecided' : 'violated';
    verdicts[design] = exploredVerdicts.indexOf(verdict);
    for (const [i, goal] of exploration.goals.entries()) {
      const column = measures[i];
      if (column !== undefined) column[design] = values[goal.measure] ?? Number.NaN;
    }
  }
  const front = new Uint8Array(count);
  const signs = exploration.goals.map(({ sense }) => (sense === 'maximize' ? 1 : -1));
  const at = (goal: number, design: number) => (signs[goal] ?? 1) * (measures[goal]?.[design] ?? Number.NaN);
  const measured = Array.from({ length: count }, (_, design) => design).filter((design) =>
    signs.every((_, goal) => !Number.isNaN(at(goal, design))),
  );
  const keeping = measured.filter((design) => exploredVerdicts[verdicts[design] ?? 0] !== 'violated');
  const contenders = keeping.length > 0 ? keeping : measured;
  for (const design of contenders) {
    const beaten = contenders.some(
      (other) =>
        signs.every((_, goal) => at(goal, other) >= at(goal, design)) &&
        signs.some((_, goal) => at(goal, other) > at(goal, design)),
    );
    front[design] = beaten ? 0 : 1;
  }
  return {
    exploration,
    count,
    tried: done,
    choices,
    measures,
    verdicts,
    front,
    problems,
    asWritten,
    caveats: [],
    statedInputs: [],
  };
}

export function exploreAnswer(kind: 'running' | 'done', result: ExplorationResult): ExploreAnswer {
  const packed = pack(result);
  return kind === 'done' ? { kind, result: packed } : { kind, fraction: result.tried / result.count, result: packed };
}
