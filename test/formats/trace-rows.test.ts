import { describe, expect, test } from 'vitest';
import { readTrace } from '../../formats/index.ts';

const origin = { uri: 'test.npu', start: 3, end: 9 };
const row = (index: number, prompt: string) => `${(index * 0.37).toFixed(2)},${prompt}\n`;
const rows = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => row(from + index, 'hello')).join('');

/* How a text is divided into rows. Each row that is lost must be in a caveat. The 256th row is the first after the sample. */
describe('rows of a trace', () => {
  test.each<[string, string, number, string | undefined]>([
    ['a quote without an end', row(500, '"5 inch'), 500, 'any'],
    ['a quote without an end, in the sample', rows(0, 9) + row(9, '"5 inch'), 9, 'any'],
    ['a quote that the next one closes', row(500, '"5 inch') + rows(501, 600) + row(600, '"7 inch'), 500, 'any'],
    [
      'a quote that the end of a later cell closes',
      row(500, '"5 inch') + rows(501, 600) + row(600, '7 inch"'),
      501,
      'any',
    ],
    ['text after a quoted cell', row(500, '"5" inch'), 500, 'any'],
    ['quotes as they should be', row(500, '"5"" inch, or, 7"" inch"'), 501, undefined],
    ['blanks after a quoted cell', row(500, '"5"  '), 501, undefined],
    ['a prompt of several lines', row(500, '"one, two\nthree, 4\n 5.5 x, six"'), 501, undefined],
    ['a prompt with rows in it', row(500, '"one\n185.5,hello\n"'), 501, 'any'],
  ])('%s', (_, text, count, effect) => {
    const body = text.startsWith('0.00') ? text : rows(0, 500) + text;
    const { value } = readTrace(new TextEncoder().encode(`timestamp,prompt\n${body}`), origin);
    expect(value?.timesSeconds).toHaveLength(count);
    expect(value?.caveats?.map((one) => `${one.code} ${one.effect.kind}`) ?? []).toEqual(
      effect === undefined ? [] : [`trace-rows ${effect}`],
    );
  });

  test.each<[string, string, number, number]>([
    ['a quoted cell with #', '"# Title",9.5\n', 2, 0],
    ['a first cell with # and a time', '#general,9.5\n#random,10.5\n', 1, 2],
    ['a comment', '# written by hand\n', 1, 0],
    ['a comment with a comma', '# by hand, twice\n', 1, 0],
  ])('%s', (_, text, count, lost) => {
    for (const before of ['', 'a,1.25\n'.repeat(300)]) {
      const body = `# made by hand, 3.5\nchannel,timestamp\na,1.5\n${before}${text}`;
      const { value } = readTrace(new TextEncoder().encode(body), origin);
      expect(value?.timesSeconds).toHaveLength(count + (before === '' ? 0 : 300));
      const missing = value?.caveats?.find(({ code }) => code === 'trace-rows')?.effect;
      expect(missing).toEqual(lost === 0 ? undefined : { kind: 'more-requests', count: lost });
    }
  });
});
