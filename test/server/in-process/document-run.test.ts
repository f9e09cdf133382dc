import { describe, expect, test } from 'vitest';
import { contentHash, type Evidence, evidenceOf } from '../../../engine/index.ts';
import { pack, type RunState } from '../../../protocol/index.ts';
import type { DocumentFacts } from '../../../server/document-facts.ts';
import { DocumentRun } from '../../../server/document-run.ts';
import { simulateScenario } from '../../../simulator/index.ts';
import { RecordedTasks } from './recorded-tasks.ts';
import { scenariosOf, smallText, uri } from './small-design.ts';

/* A document's runs without threads: which tasks are cancelled, and which results are shown. */

const facts = (load: string): DocumentFacts => ({
  scenarios: scenariosOf(smallText(load)),
  explorations: [],
  problem: null,
  imports: [],
});
const calm = facts('100 rps');
const busy = facts('200 rps');
const calmer = facts('50 rps');
const broken: DocumentFacts = {
  scenarios: undefined,
  explorations: [],
  problem: { message: 'broken', place: null },
  imports: [],
};
const empty: DocumentFacts = { scenarios: [], explorations: [], problem: null, imports: [] };

const hashOf = ({ scenarios }: DocumentFacts): string => contentHash(scenarios ?? []);

const resultsOf = ({ scenarios }: DocumentFacts) =>
  pack(
    (scenarios ?? []).map((scenario) => {
      const result = simulateScenario(scenario);
      if (result === undefined) throw new Error('cancelled without a request');
      return result;
    }),
  );

function opened() {
  const tasks = new RecordedTasks();
  const states: RunState[] = [];
  /** For each state, the scenarios whose verdicts came with it. */
  const early: (readonly string[])[] = [];
  const stateChanged = (state: RunState, _: unknown, verdicts: readonly Evidence[] = []): void => {
    states.push(state);
    early.push(verdicts.map(({ scenario }) => scenario));
  };
  const run = new DocumentRun(uri, tasks, { stateChanged, progress: () => undefined }, () => 0);
  const finish = (index: number, of: DocumentFacts) => tasks.settle(index, { kind: 'done', results: resultsOf(of) });
  return { tasks, states, early, run, finish };
}

describe('a run in progress', () => {
  test.each<[string, (run: DocumentRun) => void, readonly string[]]>([
    ['is cancelled by a save with another design', (run) => run.run(busy), ['run cancelled', 'run']],
    ['goes on after a save with the same design', (run) => run.run(calm), ['run']],
    ['goes on after an edit', (run) => run.edited(busy), ['run']],
    ['is cancelled by a save with errors', (run) => run.run(broken), ['run cancelled']],
    ['is cancelled by a save without a scenario', (run) => run.run(empty), ['run cancelled']],
    ['is cancelled on request', (run) => run.cancel(), ['run cancelled']],
    ['is cancelled when its document is closed', (run) => run.dispose(), ['run cancelled']],
  ])('%s', (_, act, expected) => {
    const { tasks, run } = opened();
    run.run(calm);
    act(run);
    expect(tasks.summary).toEqual(expected);
  });

  test('does not replace the results of the run that replaced it', () => {
    const { run, states, finish } = opened();
    run.run(calm);
    run.run(busy);
    finish(0, calm);
    expect(states.at(-1)?.phase).toBe('running');
    finish(1, busy);
    expect(states.at(-1)).toMatchObject({ phase: 'fresh', hash: hashOf(busy) });
  });

  test('reports the verdicts of a scenario once, while it continues', () => {
    const { run, tasks, states, early, finish } = opened();
    run.run(calm);
    const [scenario] = calm.scenarios ?? [];
    const result = scenario && simulateScenario(scenario);
    if (result === undefined) throw new Error('cancelled without a request');
    tasks.at(0).listener.main?.(evidenceOf(result));
    run.edited(busy);
    finish(0, calm);
    expect(states.map(({ phase }) => phase)).toEqual(['running', 'running', 'running', 'stale']);
    expect(early).toEqual([[], ['Calm'], [], []]);
  });

  test('is not started again for a design that has results', () => {
    const { run, tasks, states, finish } = opened();
    run.run(calm);
    finish(0, calm);
    run.edited(busy);
    expect(states.at(-1)?.phase).toBe('stale');
    run.run(calm);
    expect(tasks.summary).toEqual(['run']);
    expect(states.at(-1)?.phase).toBe('fresh');
  });
});

describe('a preview', () => {
  const verdicts = [{ scenario: 'Calm', previewRequests: 512, main: { caveats: [], serves: [] } }];
  const answer = { kind: 'done', results: pack({ verdicts, milliseconds: 1 }) } as const;

  function dragged() {
    const all = opened();
    all.run.run(calm);
    all.finish(0, calm);
    all.run.edited(busy);
    return { ...all, end: all.run.preview(busy) };
  }

  test('shows its verdicts beside the results of the last run, and edits keep them', async () => {
    const { tasks, run, states, early, end } = dragged();
    tasks.settle(1, answer);
    await end;
    run.edited(calm);
    expect(states.map(({ phase }) => phase)).toEqual(['running', 'fresh', 'stale', 'preview']);
    expect(early.at(-1)).toEqual(['Calm']);
    expect(states.at(-1)?.hash).toBe(hashOf(calm));
    expect(run.isFresh).toBe(false);
  });

  test.each<[string, (run: DocumentRun) => void, readonly string[]]>([
    ['is cancelled by the next one', (run) => void run.preview(calmer), ['run', 'preview cancelled', 'preview']],
    ['is cancelled by the whole run', (run) => run.run(busy), ['run', 'preview cancelled', 'run']],
    ['is not needed for the text of the last run', (run) => void run.preview(calm), ['run', 'preview cancelled']],
    ['is not started for a text with errors', (run) => void run.preview(broken), ['run', 'preview cancelled']],
    ['is cancelled when its document is closed', (run) => run.dispose(), ['run', 'preview cancelled']],
  ])('%s', (_, act, expected) => {
    const { tasks, run } = dragged();
    act(run);
    expect(tasks.summary).toEqual(expected);
  });

  test('cancels the whole run of an earlier value, which is no longer shown as running', async () => {
    const { tasks, run, states } = opened();
    run.run(calm);
    const end = run.preview(busy);
    expect(tasks.summary).toEqual(['run cancelled', 'preview']);
    tasks.settle(1, { kind: 'failed', message: 'a bug' });
    await end;
    expect(states.at(-1)?.phase).toBe('stale');
  });

  test('shows the finished run again when the number returns to its text, and the first error of a text with errors', async () => {
    const { tasks, run, states, end } = dragged();
    tasks.settle(1, answer);
    await end;
    await run.preview(broken);
    expect(states.at(-1)).toMatchObject({ phase: 'stale', problem: { message: 'broken' } });
    await run.preview(calm);
    expect(states.at(-1)?.phase).toBe('fresh');
  });
});

describe('a request for a window of a run', () => {
  const request = { uri, hash: hashOf(calm), scenario: 'Calm', run: 0, startSeconds: 0, endSeconds: 0.1 };

  function looking() {
    const all = opened();
    all.run.run(calm);
    all.finish(0, calm);
    return { ...all, answer: all.run.requests.segments(request) };
  }

  test.each<[string, (run: DocumentRun) => void, readonly string[]]>([
    [
      'is cancelled by the next request',
      (run) => void run.requests.segments({ ...request, startSeconds: 0.05 }),
      ['run', 'window cancelled', 'window'],
    ],
    ['is cancelled by a run of another design', (run) => run.run(busy), ['run', 'window cancelled', 'run']],
    [
      'is cancelled by a request for results that are gone',
      (run) => void run.requests.segments({ ...request, hash: hashOf(busy) }),
      ['run', 'window cancelled'],
    ],
    ['is cancelled when its document is closed', (run) => run.dispose(), ['run', 'window cancelled']],
    ['goes on after an edit', (run) => run.edited(busy), ['run', 'window']],
  ])('%s', (_, act, expected) => {
    const { tasks, run } = looking();
    act(run);
    expect(tasks.summary).toEqual(expected);
  });

  test('is answered by null if it was cancelled', async () => {
    const { tasks, answer } = looking();
    tasks.settle(1, { kind: 'cancelled' });
    expect(await answer).toBeNull();
  });

  test('is not simulated for results of another run', async () => {
    const { run, tasks } = looking();
    expect(await run.requests.segments({ ...request, hash: hashOf(busy) })).toBeNull();
    expect(await run.requests.segments({ ...request, scenario: 'Other' })).toBeNull();
    expect(await run.requests.segments({ ...request, run: 5 })).toBeNull();
    expect(tasks.summary).toEqual(['run', 'window cancelled']);
  });
});

describe('a load curve', () => {
  const request = { uri, hash: hashOf(calm), scenario: 'Calm' };

  test.each<[string, (run: DocumentRun, cancel: () => void) => void, readonly string[]]>([
    [
      'is cancelled by the next one',
      (run) =>
        void run.requests.loadCurve(
          request,
          () => undefined,
          () => undefined,
        ),
      ['run', 'loadCurve cancelled', 'loadCurve'],
    ],
    ['is cancelled by a run of another design', (run) => run.run(busy), ['run', 'loadCurve cancelled', 'run']],
    ['is cancelled on request', (_, cancel) => cancel(), ['run', 'loadCurve cancelled']],
    ['is cancelled when its document is closed', (run) => run.dispose(), ['run', 'loadCurve cancelled']],
  ])('%s', (_, act, expected) => {
    const { tasks, run, finish } = opened();
    run.run(calm);
    finish(0, calm);
    let cancel = (): void => undefined;
    void run.requests.loadCurve(
      request,
      () => undefined,
      (given) => {
        cancel = given;
      },
    );
    act(run, () => cancel());
    expect(tasks.summary).toEqual(expected);
  });
});
