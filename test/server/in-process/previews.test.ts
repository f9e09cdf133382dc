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

  test('adapt to the speed of the machine', async () => {
    const tasks = new RecordedTasks();
    const previews = new Previews(tasks);
    const first = previews.run(scenarios);
    tasks.settle(0, { kind: 'done', results: pack({ verdicts: [], milliseconds: 1 }) });
    expect(await first).toEqual([]);
    void previews.run(scenarios);
    const requests = tasks.all.map(({ task }) => (task.type === 'preview' ? task.requests : 0));
    expect(requests[1]).toBe(2 * (requests[0] ?? 0));
  });

  test('are cancelled by a newer one, and have no verdicts then', async () => {
    const tasks = new RecordedTasks();
    const previews = new Previews(tasks);
    const first = previews.run(scenarios);
    void previews.run(scenarios);
    expect(tasks.summary).toEqual(['preview cancelled', 'preview']);
    tasks.settle(0, { kind: 'cancelled' });
    expect(await first).toBeUndefined();
  });
});
