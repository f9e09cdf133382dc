import { expect, test } from 'vitest';
import { goalText } from '../../../design/index.ts';
import { tickTexts } from '../../../webview/plots/charts/axes.ts';

/* The labels of an axis. */

const energy = (value: number, digits?: number): string => goalText('energy', value, digits);

test('ticks have the usual digits of their measure', () => {
  expect(tickTexts([0, 0.005, 0.01], energy)).toEqual(['0 J', '5 mJ', '10 mJ']);
});

test('ticks that are close to each other have different labels', () => {
  expect(tickTexts([0.01401, 0.01402, 0.01403], energy)).toEqual(['14.01 mJ', '14.02 mJ', '14.03 mJ']);
});
