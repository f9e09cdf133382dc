import { SobolSequence, sobolDimensions } from './sobol.ts';
import { type Choices, type DesignSearch, type SearchAxis, Seen } from './space.ts';

/** `count` different designs at random, or all of a smaller space. */
export function randomDesigns(seen: Seen, count: number): readonly Choices[] {
  const designs: Choices[] = [];
  while (designs.length < count && !seen.isFull) designs.push(seen.draw());
  return designs;
}

/** Points that are tried for each requested design: in a coarse space, many points are the same design. Our assumption. */
const mostTries = 16;

/** `count` different designs that cover each axis evenly. Random ones fill up where the sequence repeats designs. */
export function sobolDesigns(seen: Seen, axes: readonly SearchAxis[], count: number): readonly Choices[] {
  const designs: Choices[] = [];
  const sequence = new SobolSequence(Math.min(axes.length, sobolDimensions));
  for (let tries = 0; tries < mostTries * count && designs.length < count && !seen.isFull; tries++) {
    const point = sequence.next();
    // Axes beyond the dimensions of the sequence are random.
    const choices = axes.map(({ size }, axis) => Math.floor((point[axis] ?? seen.random.uniform()) * size));
    if (seen.add(choices)) designs.push(choices);
  }
  return [...designs, ...randomDesigns(seen, count - designs.length)];
}

/** A search without feedback: all its designs in one round. */
export function samplingSearch(
  kind: 'random' | 'sobol',
  axes: readonly SearchAxis[],
  budget: number,
  seed: number,
): DesignSearch {
  const seen = new Seen(axes, seed);
  let isOver = false;
  return {
    propose: () => {
      if (isOver) return [];
      isOver = true;
      return kind === 'random' ? randomDesigns(seen, budget) : sobolDesigns(seen, axes, budget);
    },
    learn: () => undefined,
  };
}
