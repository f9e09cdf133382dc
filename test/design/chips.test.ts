import { describe, expect, it } from 'vitest';
import { arrayElements, arrayText, chipNames, type Npu, poolName, totalChips, usedChips } from '../../design/index.ts';
import { plainTpu } from '../simulator/hardware/fixtures.ts';

const [tpu, big] = [
  { ...plainTpu, name: 'Tpu' },
  { ...plainTpu, name: 'Big' },
];
/** Chips of another kind in the same queue. */
const others = (npu: Npu, chips: number) => ({ npu, chips, origin: npu.origin });
const timelineOf = (chips: number) => ({ chips }) as Parameters<typeof chipNames>[0]['timeline'];

describe('the chips of a scenario', () => {
  it('have the name of the chip if there is one kind, else the number and name of each kind', () => {
    expect(poolName({ npu: tpu, chips: 3 })).toBe('Tpu');
    expect(poolName({ npu: tpu, chips: 3, also: [others(big, 1)] })).toBe('3 Tpu + 1 Big');
  });

  it('are counted over all kinds', () => {
    expect(totalChips({ npu: tpu, chips: 3 })).toBe(3);
    expect(totalChips({ npu: tpu, chips: 3, also: [others(big, 2)] })).toBe(5);
  });

  it('include those of its variants, each once', () => {
    const compare = [{ npu: big }, { npu: tpu }] as unknown as Parameters<typeof usedChips>[0]['compare'];
    expect(usedChips({ npu: tpu, compare })).toEqual([tpu, big]);
    expect(usedChips({ npu: tpu, also: [others(big, 1)], compare: [] })).toEqual([tpu, big]);
  });
});

describe('the chips of a run', () => {
  it('have numbers from 1 if there are several', () => {
    expect(chipNames({ timeline: timelineOf(1) })).toEqual(['chip']);
    expect(chipNames({ timeline: timelineOf(2) })).toEqual(['chip 1', 'chip 2']);
  });

  it('have the name of their kind if there are several kinds', () => {
    const kinds = [
      { npu: 'Tpu', chips: 2 },
      { npu: 'Big', chips: 1 },
    ];
    expect(chipNames({ kinds, timeline: timelineOf(3) })).toEqual(['Tpu 1', 'Tpu 2', 'Big']);
  });
});

describe('the arrays of a chip', () => {
  const array = { ...plainTpu.array, rows: 128, columns: 64, count: 2 };

  it('are shown with their name if they have one', () => {
    expect(arrayText(array)).toBe('2 x (128 x 64)');
    expect(arrayText({ ...array, name: 'Wide' })).toBe('Wide: 2 x (128 x 64)');
  });

  it('have the elements of all kinds', () => {
    expect(arrayElements({ array })).toBe(16384);
    expect(arrayElements({ array, otherArrays: [{ ...array, count: 1 }] })).toBe(24576);
  });
});
