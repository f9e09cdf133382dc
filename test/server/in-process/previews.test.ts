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

  test('have plots five times per second', async () => {
    const tasks = new RecordedTasks();
    let seconds = 0;
    const previews = new Previews(tasks, () => seconds);
    for (seconds of [1, 1.1, 1.19, 1.21, 1.4, 1.42]) void previews.run(scenarios);
    const withPlots = tasks.all.map(({ task }) => task.type === 'preview' && task.withPlots);
    expect(withPlots).toEqual([true, false, false, true, false, true]);
  });

  test('adapt to the speed of the machine', async () => {
    const tasks = new RecordedTasks();
    const previews = new Previews(tasks, () => 0);
    const answer = { kind: 'done', results: pack({ verdicts: [], milliseconds: 1 }) } as const;
    for (const index of [0, 1]) {
      const run = previews.run(scenarios);
      tasks.settle(index, answer);
      expect(await run).toEqual({ verdicts: [], milliseconds: 1 });
    }
    void previews.run(scenarios);
    // The first one has plots as well, so its time counts for nothing.
    const requests = tasks.all.map(({ task }) => (task.type === 'preview' ? task.requests : 0));
    expect(requests).toEqual([512, 512, 1024]);
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
