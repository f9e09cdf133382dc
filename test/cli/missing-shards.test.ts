import { expect, test } from 'vitest';
import { runAgain } from '../../cli/missing-shards.ts';
import type { Plan } from '../../design/index.ts';

/** The command for the parts of a plan that a file states, one design of which is missing. */
const commandFor = (plan: Partial<Plan>, directory = 'parts'): string =>
  runAgain(
    [
      {
        plan: { file: 'e.npu', exploration: 'E', axes: [{ path: 'a', values: ['1'], numbers: [1] }], ...plan } as Plan,
        shard: null,
        rows: [],
      },
    ],
    directory,
  );

test.each<[what: string, command: string, expected: string]>([
  ['usual names', commandFor({}), 'stimpack explore e.npu --name E --out parts'],
  ['a file', commandFor({ file: '--watch' }), 'stimpack explore ./--watch --name E --out parts'],
  ['an exploration', commandFor({ exploration: '--jobs' }), 'stimpack explore e.npu --name=--jobs --out parts'],
  ['a directory', commandFor({}, '-o'), 'stimpack explore e.npu --name E --out ./-o'],
  ['a command', commandFor({ file: 'a; rm -rf b' }), "stimpack explore 'a; rm -rf b' --name E --out parts"],
])('%s: no name in a damaged part is another option or command', (_, command, expected) =>
  expect(command).toBe(`Run again: ${expected}`),
);
