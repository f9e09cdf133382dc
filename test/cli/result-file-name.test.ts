import { expect, test } from 'vitest';
import { resultPath } from '../../cli/result-file-name.ts';
import type { Shard } from '../../design/index.ts';

const hash = '0123456789abcdef';

test.each<[name: string, shard: Shard | null, path: string]>([
  ['Sizing', null, 'parts/Sizing.jsonl'],
  ['Größe', null, 'parts/Größe.jsonl'],
  ['../a b', null, 'parts/-a-b.jsonl'],
  ['Sizing', { index: 2, count: 4 }, 'parts/Sizing-2-of-4.jsonl'],
  ['Sizing', { index: 2, count: 100 }, 'parts/Sizing-002-of-100.jsonl'],
  ['E'.repeat(150), null, `parts/${'E'.repeat(150)}.jsonl`],
  ['E'.repeat(1000), null, `parts/${'E'.repeat(150)}-01234567.jsonl`],
  ['ö'.repeat(1000), { index: 1, count: 2 }, `parts/${'ö'.repeat(75)}-01234567-1-of-2.jsonl`],
])('the results of %s', (name, shard, path) => expect(resultPath('parts', name, hash, shard)).toBe(path));
