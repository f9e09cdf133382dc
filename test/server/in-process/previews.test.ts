import { describe, expect, test } from 'vitest';
import { pack } from '../../../protocol/index.ts';
import { nextRequests, Previews } from '../../../server/previews.ts';
import { RecordedTasks } from './recorded-tasks.ts';
import { scenariosOf, smallText } from './small-design.ts';

test.each<[string, number, number, number]>([
  ['is doubled after a fast preview', 512, 7, 1024],
  ['stays after one that used its time', 512, 9, 512],
  ['is halved after a slow one', 512, 21, 256],
  ['has a least value', 128, 900, 128],
  ['has a largest value', 65_536, 1, 65_536],
])('the number of requests %s', (_, requests, milliseconds, expected) => {
  expect(nextRequests(requests, milliseconds)).toBe(expected);
});

describe('previews of a document', () => {
  const scenarios = scenariosOf(smallText('100 rps'));

  test.each<[string, readonly number[], readonly number[]]>([
    ['five times per second', [1, 1.03, 1.06, 1.09, 1.12, 1.15, 1.18, 1.28, 1.3, 1.31], [1.09, 1.3]],
    ['after three without them on a slow machine', [1, 2, 3, 4, 5, 6, 7, 8, 9], [4, 8]],
  ])('have plots %s', (_, times, expected) => {
    const tasks = new RecordedTasks();
    let seconds = 0;
    const previews = new Previews(tasks, () => seconds);
    for (seconds of times) void previews.run(scenarios);
    expect(times.filter((_, i) => (tasks.at(i).task as { withPlots?: boolean }).withPlots === true)).toEqual(expected);
  });

  test('adapt to the speed of the machine', async () => {
    const tasks = new RecordedTasks();
    const previews = new Previews(tasks, () => 0);
    const answer = { kind: 'done', results: pack({ verdicts: [], milliseconds: 1 }) } as const;
    for (const index of [0, 1, 2, 3]) {
      const run = previews.run(scenarios);
      tasks.settle(index, answer);
      expect(await run).toEqual({ verdicts: [], milliseconds: 1 });
    }
    void previews.run(scenarios);
    // The fourth one has plots as well, so its time is not counted.
    const requests = tasks.all.map(({ task }) => (task.type === 'preview' ? task.requests : 0));
    expect(requests).toEqual([512, 1024, 2048, 4096, 4096]);
  });

  test('are cancelled by a newer one, and have no verdicts then', async () => {
    const tasks = new RecordedTasks();
    const previews = new Previews(tasks, () => 0);
    const first = previews.run(scenarios);
    void previews.run(scenarios);
    expect(tasks.summary).toEqual(['preview cancelled', 'preview']);
    tasks.settle(0, { kind: 'cancelled' });
    expect(await first).toBeUndefined();
  });
});
