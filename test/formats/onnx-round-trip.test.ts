import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { expectSame } from '../same.ts';
import { operatorCases } from './onnx-cases.ts';
import { roundTrip } from './onnx-round-trip.ts';
import { debianGraphs } from './onnx-testdata.ts';

test.each(operatorCases)('the text of an imported graph gives the same network: %s', (_, file) => {
  const both = roundTrip(file);
  if (both !== undefined) expect(both.after).toEqual(both.before);
});

const graphs = debianGraphs();

describe.skipIf(graphs.length === 0)("graphs of Debian's libonnx-testdata (needs apt-get and dpkg)", () => {
  test('each graph that is imported: its text gives the same network', () => {
    const different: string[] = [];
    let imported = 0;
    for (const graph of graphs) {
      const both = roundTrip(readFileSync(graph));
      if (both === undefined) continue;
      imported++;
      try {
        expectSame(both.after, both.before);
      } catch {
        different.push(graph);
      }
    }
    expect(different).toEqual([]);
    expect(imported).toBeGreaterThan(graphs.length / 2);
  }, 300_000);
});
