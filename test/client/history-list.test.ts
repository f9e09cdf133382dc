import { describe, expect, test } from 'vitest';
import { changeName } from '../../client/change-name.ts';
import { type HistoryList, parseHistory, without, withRevision, withRun, withStar } from '../../client/history-list.ts';

const text = `let peak = 9000 rps

npu Mine extends Stimpack {
  HBM { bandwidth: 614 GB/s, capacity: 8 GB } // fast
  array { rows: 128, columns: 128 }
  clock: 1 GHz
}

scenario Rush {
  npu: Mine
  compare: [TPUv4i]
  serve ResNet50 {
    arrivals: bursty(500 rps, 9000 rps, 1 s)
    slo { p99 latency <= 15 ms, accuracy >= 76 % }
  }
}
`;

describe('the name of a run has the changed values', () => {
  test.each<[string, string, string]>([
    ['614', '900', 'HBM.bandwidth 614 -> 900 GB/s'],
    ['8 GB ', '8 GiB ', 'HBM.capacity 8 GB -> 8 GiB'],
    ['columns: 128', 'columns: 256', 'array.columns 128 -> 256'],
    ['1 GHz', '940 MHz', 'Mine.clock 1 GHz -> 940 MHz'],
    ['peak = 9000', 'peak = 12000', 'peak 9000 -> 12000 rps'],
    ['npu: Mine', 'npu: Stimpack', 'Rush.npu Mine -> Stimpack'],
    ['(500 rps', '(700 rps', 'ResNet50.arrivals 500 -> 700 rps'],
    ['1 s)', '2 s)', 'ResNet50.arrivals 1 -> 2 s'],
    ['15 ms', '16 ms', 'ResNet50.p99 latency 15 -> 16 ms'],
    ['76 %', '75.5 %', 'ResNet50.accuracy 76 -> 75.5 %'],
    ['[TPUv4i]', '[TPUv4]', 'Rush.compare TPUv4i -> TPUv4'],
    ['// fast', '// slow', 'comments or spaces only'],
    ['  clock: 1 GHz\n', '', '1 line removed'],
    ['  npu: Mine\n', '  npu: Mine\n  seed: 4\n  chips: 2\n', '2 lines added'],
  ])('%j becomes %j: %s', (old, now, name) => {
    expect(changeName(text, text.replace(old, now))).toBe(name);
  });

  test('of several values, the first two are named', () => {
    const changed = text.replace('614', '900').replace('1 GHz', '2 GHz').replace('15 ms', '9 ms');
    expect(changeName(text, changed)).toBe('HBM.bandwidth 614 -> 900 GB/s, Mine.clock 1 -> 2 GHz and 1 more change');
  });

  test.each(['', '{', '}}}', 'let', 'a\nb', '{{{{\n:::', 'x: "}{"', '\u{1F600}: 1'])('%j has a name too', (odd) => {
    expect(changeName(text, odd)).not.toBe('');
    expect(changeName(odd, text)).not.toBe('');
    expect(changeName(odd, `${odd}1`)).not.toBe('');
  });
});

const figures = { tree: [], columnsBase64: '' };
const run = (atMilliseconds: number, of: string) => ({ atMilliseconds, text: of, figures });
const names = (list: HistoryList) => list.map(({ name }) => name);

describe('the list of a document', () => {
  const slow = [0, 10_000, 20_000].reduce<HistoryList>((list, at) => withRun(list, run(at, `a: ${at} s`)), []);

  test('has the newest run first', () => {
    expect(names(slow)).toEqual(['a 10000 -> 20000 s', 'a 0 -> 10000 s', 'first run']);
  });

  test('has each text once', () => {
    expect(names(withRun(slow, run(30_000, 'a: 0 s')))).toEqual(['first run', 'a 10000 -> 20000 s', 'a 0 -> 10000 s']);
    const again = withRun(slow, { ...run(30_000, 'a: 20000 s'), figures: { tree: [1], columnsBase64: '' } });
    expect(names(again)).toEqual(names(slow));
    expect(again[0]?.figures.tree).toEqual([1]);
  });

  test('has one run for a number that is dragged, named from its first value', () => {
    const dragged = [21_000, 22_000, 23_500].reduce((list, at) => withRun(list, run(at, `a: ${at} s`)), slow);
    expect(names(dragged)).toEqual(['a 10000 -> 23500 s', 'a 0 -> 10000 s', 'first run']);
  });

  test('is bounded, and forgets runs with a star last', () => {
    const starred = withStar(slow, slow[2]?.id ?? '');
    const long = Array.from({ length: 40 }, (_, i) => run(100_000 + i * 10_000, `b: ${i} s`)).reduce(withRun, starred);
    expect(long.length).toBe(20);
    expect(long.at(-1)).toMatchObject({ name: 'first run', isStarred: true });
    expect(long[0]?.text).toBe('b: 39 s');
    const large = [0, 1, 2].reduce<HistoryList>(
      (list, i) => withRun(list, run(i * 10_000, `${'x'.repeat(600_000)} ${i}`)),
      [],
    );
    expect(large.length).toBe(1);
  });

  test('has the runs of revisions at its end, each once, and merges none with a run of the same text', () => {
    const old = withRevision(slow, 'abcd First design', run(25_000, 'a: 20000 s'), 'abcd');
    expect(names(old)).toEqual([...names(slow), 'abcd First design']);
    const again = withRevision(
      old,
      'HEAD',
      { ...run(26_000, 'a: 20000 s'), figures: { ...figures, tree: [2] } },
      'abcd',
    );
    expect(names(again)).toEqual([...names(slow), 'HEAD']);
    expect(again.at(-1)).toMatchObject({ id: 'git-abcd', isStarred: true, figures: { tree: [2] } });
    // A run with the text of the revision, as after its restoration, and its imports of today.
    const restored = withRun(withRun(again, run(40_000, 'a: 1 s')), run(60_000, 'a: 20000 s'));
    expect(names(restored)).toEqual(['a 10000 -> 20000 s', 'a 20000 -> 1 s', 'a 0 -> 10000 s', 'first run', 'HEAD']);
    expect(names(withRun(withRevision([], 'HEAD', run(1, 'a: 1 s'), 'abcd'), run(2, 'a: 2 s')))).toEqual([
      'first run',
      'HEAD',
    ]);
  });

  test('loses a run that is deleted', () => {
    expect(names(without(slow, slow[1]?.id ?? ''))).toEqual(['a 10000 -> 20000 s', 'first run']);
  });

  test('is read from storage as far as it is valid', () => {
    expect(parseHistory(JSON.parse(JSON.stringify(slow)))).toEqual(slow);
    expect(parseHistory([null, 4, { id: 'x' }, ...slow.slice(0, 1)])).toEqual(slow.slice(0, 1));
    expect(parseHistory('x')).toEqual([]);
  });
});
