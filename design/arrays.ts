import type { Npu, SystolicArray } from './npu.ts';
import { bytesPerElement } from './number-format.ts';
import { activationFormat, weightFormat } from './operating-mode.ts';

/** All kinds of arrays of a chip. The first one is `npu.array`. */
export function arraysOf({ array, otherArrays }: Pick<Npu, 'array' | 'otherArrays'>): readonly SystolicArray[] {
  return otherArrays === undefined ? [array] : [array, ...otherArrays];
}

/** The processing elements of one kind of array, in all arrays of that kind. */
export function elementsOfArray({ rows, columns, count }: SystolicArray): number {
  return rows * columns * count;
}

/** The processing elements of a chip, in all of its arrays. */
export function arrayElements(npu: Pick<Npu, 'array' | 'otherArrays'>): number {
  return arraysOf(npu).reduce((sum, array) => sum + elementsOfArray(array), 0);
}

/** "Big: 1 x (128 x 128)", or without a name on a chip with one kind. */
export function arrayText({ name, rows, columns, count }: SystolicArray): string {
  return `${name === undefined ? '' : `${name}: `}${count} x (${rows} x ${columns})`;
}

const views = new WeakMap<Npu, readonly Npu[]>();

/**
 * For each kind of array: the chip for a layer that runs on that kind. Such a chip has one kind of array, and a call of fused attention uses
 * at most its arrays. A chip with one kind is used unchanged.
 */
export function arrayViews(npu: Npu): readonly Npu[] {
  if (npu.otherArrays === undefined) return [npu];
  let known = views.get(npu);
  if (known === undefined) {
    const { otherArrays: _, ...chip } = npu;
    known = arraysOf(npu).map((array) => ({
      ...chip,
      array,
      ...(chip.attention === undefined
        ? {}
        : { attention: { ...chip.attention, arrays: Math.min(chip.attention.arrays, array.count) } }),
    }));
    views.set(npu, known);
  }
  return known;
}

/** The kind of array whose weights and rows need the least buffer space. */
export function smallestArray(npu: Pick<Npu, 'array' | 'otherArrays' | 'base'>): SystolicArray {
  return arraysOf(npu).reduce((least, one) => (neededBytes(one, npu) < neededBytes(least, npu) ? one : least));
}

/**
 * The smallest VMEM, in bytes, that can buffer the weights of one array and two rows of its inputs and its results. With several kinds of arrays:
 * those of the kind that needs the least.
 */
export function smallestVmemBytes(npu: Pick<Npu, 'array' | 'otherArrays' | 'base'>): number {
  return neededBytes(smallestArray(npu), npu);
}

function neededBytes({ rows, columns }: SystolicArray, { base }: Pick<Npu, 'base'>): number {
  return (
    rows * columns * bytesPerElement(weightFormat(base)) +
    2 * (rows + columns) * bytesPerElement(activationFormat(base))
  );
}
