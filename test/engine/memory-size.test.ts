import { expect, test } from 'vitest';
import { memorySize } from '../../engine/memory-size.ts';

test.each([
  [0, '1 MB'],
  [1e6, '1 MB'],
  [1.2e6, '1.5 MB'],
  [2.5e6, '3 MB'],
  [768e6, '768 MB'],
  [769e6, '1 GB'],
  [17e9, '24 GB'],
  [2e15, '2048 TB'],
])('%d bytes fit into a memory of %s', (bytes, text) => {
  expect(memorySize(bytes)).toBe(text);
});
