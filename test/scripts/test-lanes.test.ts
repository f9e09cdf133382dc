import { describe, expect, it } from 'vitest';
import { inLanes, nextStep, type Placed } from '../../scripts/tests/lanes.ts';
import { steps } from '../../scripts/tests/steps.ts';

const step = (name: string, load?: Placed['load']): Placed => ({ name, needs: [], ...(load ? { load } : {}) });
const [unit, editor, server] = [step('unit', 'compute'), step('editor', 'vscode'), step('server')];

describe('the next step of npm test', () => {
  it('is the first of the table beside no other step', () => {
    expect(nextStep([server, unit, editor], [])).toBe(server);
  });

  it('beside tests in VS Code, is a step that only computes', () => {
    expect(nextStep([server, editor, unit], [editor])).toBe(unit);
    expect(nextStep([server, editor], [editor])).toBeUndefined();
  });

  it('is not a test in VS Code beside tests that measure reactions', () => {
    expect(nextStep([editor, server], [server])).toBe(server);
    expect(nextStep([editor, server], [unit])).toBe(editor);
  });
});

describe('the steps of npm test', () => {
  it('need only steps that the table lists before them', () => {
    for (const [place, { name, needs }] of steps.entries())
      for (const need of needs)
        expect(
          steps.findIndex((other) => other.name === need),
          name,
        ).toBeLessThan(place);
  });

  it('run once each, two at most, and only computations beside VS Code', async () => {
    const running = new Set<Placed>();
    const ran: string[] = [];
    const pairs: string[] = [];
    await inLanes(steps, 2, async (each) => {
      for (const other of running) {
        const loads = [each.load, other.load];
        if (loads.includes('vscode') && !loads.includes('compute')) pairs.push(`${each.name} beside ${other.name}`);
      }
      running.add(each);
      expect(running.size).toBeLessThanOrEqual(2);
      // Steps of different lengths, so that lanes become free at different times.
      for (let turn = 0; turn < each.name.length * 3; turn++) await Promise.resolve();
      running.delete(each);
      ran.push(each.name);
    });
    expect(pairs).toEqual([]);
    expect(ran.sort()).toEqual(steps.map(({ name }) => name).sort());
  });
});
