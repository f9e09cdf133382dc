import type { RunPhase, RunResults, RunState, RunUpdate } from '../../protocol/index.ts';
import { pack } from '../../protocol/index.ts';
import { fixtureCost } from './fixture-layers.ts';
import { fixtureOrigin, fixtureRun, fixtureUri } from './fixture-run.ts';

/** A chip that violates an objective, two chips that it is compared with, and a second scenario that meets its objectives. */
export function fixtureResults(ratePerSecond = 2300): RunResults {
  const common = { ratePerSecond, seconds: 24, limitSeconds: 0.006 };
  return [
    {
      scenario: 'Rush',
      origin: fixtureOrigin(600, 1000),
      main: fixtureRun({ ...common, label: 'Stimpack', npu: 'Stimpack', burst: true }),
      variants: [fixtureRun({ ...common, label: 'TPUv4i', npu: 'TPUv4i', burst: false })],
      layers: [fixtureCost('ResNet50', 'Stimpack', 'base', false), fixtureCost('ResNet50', 'Stimpack', 'burst', false)],
    },
    {
      scenario: 'Calm',
      origin: fixtureOrigin(1001, 1400),
      main: fixtureRun({ ...common, ratePerSecond: 900, label: 'Stimpack', npu: 'Stimpack', burst: true, chips: 2 }),
      variants: [],
      layers: [fixtureCost('ResNet50', 'Stimpack', 'base', true)],
    },
  ];
}

let sequence = 0;

export function fixtureState(phase: RunPhase, more: Partial<RunState> = {}): RunState {
  sequence++;
  return {
    uri: fixtureUri,
    name: 'rush.npu',
    sequence,
    phase,
    progress: null,
    problem: null,
    explorations: [],
    imports: [],
    elapsedSeconds: phase === 'fresh' || phase === 'stale' ? 0.412 : null,
    hash: '00ff',
    ...more,
  };
}

export function fixtureUpdate(state: RunState, results: RunResults | null): RunUpdate {
  return { state, results: results === null ? null : pack(results) };
}
