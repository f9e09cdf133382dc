import { expect, test } from 'vitest';
import { shownDocument } from '../../client/shown-document.ts';
import type { RunPhase, RunState } from '../../protocol/index.ts';

let sequence = 0;
const state = (
  name: string,
  phase: RunPhase,
  imports: readonly string[] = [],
  hash: string | null = null,
): RunState => ({
  uri: name,
  name,
  sequence: ++sequence,
  phase,
  progress: null,
  problem: null,
  elapsedSeconds: null,
  hash,
  explorations: [],
  imports,
});
const chips = state('chips', 'empty');
const one = state('one', 'fresh', ['chips', 'library'], '1');
const two = state('two', 'fresh', ['chips'], '2');
const other = state('other', 'fresh', ['library'], '3');

test.each<[string, string, readonly RunState[], string | undefined, string]>([
  ['a file with scenarios shows itself', 'one', [one, two], 'two', 'one'],
  ['a file without scenarios shows the document that uses it', 'chips', [chips, one, other], undefined, 'one'],
  ['the document that is shown already stays', 'chips', [chips, one, two], 'one', 'one'],
  ['else the one that changed last is shown', 'chips', [chips, one, two], 'other', 'two'],
  ['a file that nobody uses shows itself', 'chips', [chips, other], 'other', 'chips'],
  ['a file of the library, which has no state yet', 'library', [one, two], 'one', 'one'],
  [
    'another file without scenarios does not count as a user',
    'chips',
    [chips, state('more', 'empty', ['chips'])],
    undefined,
    'chips',
  ],
  [
    'a broken file without results shows the error in the document that uses it',
    'chips',
    [state('chips', 'rejected'), one],
    'one',
    'one',
  ],
  [
    'a broken file with results shows its own',
    'one',
    [state('one', 'rejected', [], '1'), state('all', 'fresh', ['one'])],
    'all',
    'one',
  ],
  ['a broken file that nobody uses shows its own error', 'chips', [state('chips', 'rejected')], 'one', 'chips'],
])('%s', (_, front, states, shown, expected) => {
  expect(shownDocument(front, states, shown)).toBe(expected);
});
