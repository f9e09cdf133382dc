import { describe, expect, test } from 'vitest';
import {
  initialSectionLayout,
  moved,
  ordered,
  parseSectionLayout,
  toggled,
} from '../../../webview/model/section-layout.ts';

const all = ['modes', 'latency', 'queue', 'power'];

describe('the order of sections', () => {
  test.each<[string, readonly string[], string]>([
    ['is the usual one at first', [], 'modes latency queue power'],
    ['is the chosen one', ['power', 'queue', 'latency', 'modes'], 'power queue latency modes'],
    ['keeps a new section after the one before it', ['queue', 'modes', 'power'], 'queue modes latency power'],
    ['starts with a section that is new and first', ['queue', 'latency', 'power'], 'modes queue latency power'],
    ['ignores sections that no longer exist', ['cost', 'queue', 'modes'], 'queue power modes latency'],
  ])('%s', (_, order, expected) => {
    expect(ordered({ collapsed: [], order }, all).join(' ')).toBe(expected);
  });

  test.each<[string, number, string]>([
    ['queue', 0, 'queue modes latency power'],
    ['queue', 1, 'modes queue latency power'],
    ['modes', 3, 'latency queue power modes'],
    ['modes', 99, 'latency queue power modes'],
    ['power', -1, 'power modes latency queue'],
  ])('%s moves to place %d', (id, place, expected) => {
    const layout = moved(initialSectionLayout, all, id, place);
    expect(ordered(layout, all).join(' ')).toBe(expected);
  });

  test('of another group stays', () => {
    const first = moved(initialSectionLayout, ['load', 'roofline'], 'roofline', 0);
    const layout = moved(first, all, 'power', 0);
    expect(ordered(layout, ['load', 'roofline'])).toEqual(['roofline', 'load']);
  });
});

test('a section collapses and expands', () => {
  const once = toggled(initialSectionLayout, 'queue');
  expect(once.collapsed).toEqual(['queue']);
  expect(toggled(once, 'queue')).toEqual(initialSectionLayout);
});

test.each([
  [undefined, [], []],
  [4, [], []],
  [{ collapsed: ['a', 3, 'a'], order: 'b' }, ['a'], []],
  [{ order: [null, 'b'] }, [], ['b']],
])('a saved layout %j is read as far as it is valid', (value, collapsed, order) => {
  expect(parseSectionLayout(value)).toEqual({ collapsed, order });
});
